import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Select, TextInput } from '@/hds'
import { deskQuery } from '@/desk/desk'
import { announce } from '@/lib/announce'
import { ask, office } from '@/lib/api'
import { useLocal } from '@/lib/text'
import { Trouble } from '@/problem/Trouble'

/** Sends proposals to a division, whose experts estimate them. */
export function Refer({ round, proposals, onDone }: { round: string; proposals: number[]; onDone?: () => void }) {
  const { t } = useTranslation(['expert', 'desk'])
  const local = useLocal()
  const cache = useQueryClient()
  const { data } = useQuery(deskQuery(round))
  const [division, setDivision] = useState('')
  const [note, setNote] = useState('')
  const send = useMutation({
    mutationFn: () => ask(office.POST('/api/v1/rounds/{round}/queue/referral', { params: { path: { round } }, body: { proposals, division, ...(note.trim() && { note: note.trim() }) } })),
    onSuccess: async () => {
      announce(t('refer.done', { count: proposals.length }))
      setDivision('')
      setNote('')
      onDone?.()
      await Promise.all(['queue', 'file', 'proposal', 'desk'].map((key) => cache.invalidateQueries({ queryKey: [key, round] })))
    },
  })
  return (
    <form
      noValidate
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (division) send.mutate()
      }}
    >
      <Select
        label={t('refer.to')}
        helper={t('refer.help')}
        required
        value={division}
        onChange={(event) => { setDivision(event.target.value) }}
        options={[{ value: '', label: t('refer.choose') }, ...(data?.divisions ?? []).map(({ id, name }) => ({ value: id, label: local(name) }))]}
      />
      <TextInput label={t('refer.note')} helper={t('desk:internal')} maxLength={2000} value={note} onChange={(event) => { setNote(event.target.value) }} />
      {send.error && <Trouble cause={send.error} />}
      <div className="actions">
        <Button type="submit" variant="secondary" busy={send.isPending} disabled={!division}>
          {t('refer.action', { count: proposals.length })}
        </Button>
      </div>
    </form>
  )
}
