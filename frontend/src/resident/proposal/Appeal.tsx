import { useMutation, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useEffect, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, Card, TextArea } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { ask, office } from '@/lib/api'
import { limitsAppeal } from '@/lib/limits.gen'
import { Form as FormFrame } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { proposalQuery, type Proposal } from '@/data/proposal'
import styles from '@/shared/proposal/proposal.module.css'

/** A rejection's author may answer it once; later she sees what she wrote. */
export function Appeal({ proposal, round }: { proposal: Proposal; round: string }) {
  const { t } = useTranslation('proposal')
  const [writing, setWriting] = useState(false)
  if (proposal.appeal)
    return (
      <Card as="section" className={styles.answer}>
        <h2>{t('appeal.yours')}</h2>
        <p className="lines" dir="auto">
          {proposal.appeal}
        </p>
        {proposal.state === 'appealed' && <p>{t('appeal.waits')}</p>}
      </Card>
    )
  if (!proposal.may.includes('appeal')) return null
  return (
    <Card as="section" className={styles.answer}>
      <h2>{t('appeal.heading')}</h2>
      <p>{t('appeal.text')}</p>
      {writing ? (
        <Form
          proposal={proposal}
          round={round}
          onStop={() => {
            setWriting(false)
          }}
        />
      ) : (
        <div className="actions">
          <Button
            variant="secondary"
            onClick={() => {
              setWriting(true)
            }}
          >
            {t('appeal.begin')}
          </Button>
        </div>
      )}
    </Card>
  )
}

function Form({ proposal, round, onStop }: { proposal: Proposal; round: string; onStop: () => void }) {
  const { t } = useTranslation(['proposal', 'shell'])
  const cache = useQueryClient()
  useEffect(() => {
    document.getElementById('appeal.text')?.focus()
  }, [])
  const send = useMutation({
    mutationFn: (text: string) =>
      ask(
        office.POST('/api/v1/rounds/{round}/proposals/{proposal}/appeal', {
          params: { path: { round, proposal: proposal.id } },
          body: { text: text.trim() },
        }),
      ),
    onSuccess: (changed) => {
      done()
      cache.setQueryData(proposalQuery(round, proposal.id).queryKey, changed)
      void cache.invalidateQueries({ queryKey: keys.proposals(round) })
      announce(t('appeal.done'))
      document.getElementById('main')?.focus()
    },
  })
  const { values, field, form, done } = useFields({
    start: { text: '' },
    labels: { text: t('appeal.label') },
    check: ({ text }) => ({ text: text.trim() ? undefined : t('appeal.empty') }),
    prefix: 'appeal.',
    cause: send.error,
    slot: `appeal.${round}.${String(proposal.id)}`,
  })
  return (
    <FormFrame
      form={form}
      brief
      busy={send.isPending}
      onSend={() => {
        send.mutate(values.text)
      }}
      actions={
        <>
          <Button type="submit" busy={send.isPending}>
            {t('appeal.send')}
          </Button>
          <Button variant="secondary" onClick={onStop}>
            {t('appeal.stop')}
          </Button>
        </>
      }
    >
      <TextArea
        {...field('text')}
        helper={t('appeal.help')}
        required
        rows={6}
        maxLength={limitsAppeal.text.maxLength}
      />
    </FormFrame>
  )
}
