import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Select, TextInput } from '@/hds'
import { announce } from '@/lib/announce'
import { Trouble } from '@/problem/Trouble'
import { assign, deskQuery } from './desk'

/** Hands proposals to a colleague of all their areas, or to nobody. */
export function Assign({ round, areas, proposals, onDone }: { round: string; areas: string[]; proposals: number[]; onDone?: () => void }) {
  const { t } = useTranslation('desk')
  const cache = useQueryClient()
  const { data } = useQuery(deskQuery(round))
  const [to, setTo] = useState('')
  const [note, setNote] = useState('')
  const colleagues = (data?.colleagues ?? []).filter((one) => areas.every((area) => one.areas.includes(area)))
  const hand = useMutation({
    mutationFn: () => assign(round, { proposals, to: Number(to), ...(note.trim() && { note: note.trim() }) }),
    onSuccess: async () => {
      announce(t('assign.done', { count: proposals.length }))
      setTo('')
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
        if (to) hand.mutate()
      }}
    >
      <Select
        label={t('assign.to')}
        value={to}
        onChange={(event) => { setTo(event.target.value) }}
        options={[
          { value: '', label: t('assign.choose') },
          ...colleagues.map(({ id, name, waiting }) => ({ value: String(id), label: t('assign.colleague', { name, count: waiting }) })),
          { value: '0', label: t('assign.nobody') },
        ]}
      />
      <TextInput label={t('assign.note')} helper={t('internal')} maxLength={2000} value={note} onChange={(event) => { setNote(event.target.value) }} />
      {hand.error && <Trouble cause={hand.error} />}
      <div className="actions">
        <Button type="submit" variant="secondary" busy={hand.isPending} disabled={!to}>
          {t('assign.action', { count: proposals.length })}
        </Button>
      </div>
    </form>
  )
}
