import { useMutation, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, Confirm, LinkButton, Notification } from '@/ui/hds'
import { ask, office } from '@/lib/api'
import { announce } from '@/lib/announce'
import { useFormat, useLang } from '@/lib/format'
import { Trouble } from '@/ui/problem/Trouble'
import type { Round } from '@/data/round'
import { proposalQuery, type Proposal } from '@/data/proposal'
import { classes } from '@/lib/classes'
import styles from '@/shared/proposal/proposal.module.css'

/** What the author may do with the proposal now, and what the facilitator wants to know. */
export function AuthorActions({ proposal, round }: { proposal: Proposal; round: Round }) {
  const { t } = useTranslation('proposal')
  const lang = useLang()
  const { dateTime } = useFormat()
  const cache = useQueryClient()
  const [asking, setAsking] = useState(false)
  const withdraw = useMutation({
    mutationFn: () =>
      ask(
        office.POST('/api/v1/rounds/{round}/proposals/{proposal}/withdraw', {
          params: { path: { round: round.id, proposal: proposal.id } },
        }),
      ),
    onSuccess: (changed) => {
      cache.setQueryData(proposalQuery(round.id, proposal.id).queryKey, changed)
      void cache.invalidateQueries({ queryKey: keys.proposals(round.id) })
      announce(t('withdraw.done'))
    },
    onSettled: () => {
      setAsking(false)
    },
  })
  const { may, state } = proposal
  const question = state === 'needs_information' ? proposal.question : undefined
  const answerBy = proposal.answer_by
  const late = answerBy !== undefined && Date.parse(answerBy) < Date.parse(round.now)
  if (!may.includes('edit') && !may.includes('withdraw') && !question) return null
  return (
    <Notification
      kind={state === 'needs_information' ? 'alert' : 'info'}
      label={t(question ? 'own.question' : 'own.heading')}
    >
      {question && <p className="lines">{question}</p>}
      {question && answerBy && (
        <p>
          <strong>{t(late ? 'own.answer_late' : 'own.answer_by', { time: dateTime(answerBy) })}</strong>
        </p>
      )}
      {withdraw.error && <Trouble cause={withdraw.error} />}
      <div className={classes('actions', styles.ownActions)}>
        {may.includes('edit') && (
          <LinkButton small to={`/${lang}/rounds/${round.id}/propose/${proposal.id}`} start="pen">
            {t(state === 'needs_information' ? 'own.reply' : 'own.edit')}
          </LinkButton>
        )}
        {may.includes('withdraw') && (
          <Button
            small
            variant="secondary"
            onClick={() => {
              setAsking(true)
            }}
          >
            {t('withdraw.action')}
          </Button>
        )}
      </div>
      <Confirm
        open={asking}
        title={t('withdraw.title')}
        action={t('withdraw.confirm')}
        keep={t('withdraw.keep')}
        busy={withdraw.isPending}
        onConfirm={() => {
          withdraw.mutate()
        }}
        onClose={() => {
          setAsking(false)
        }}
      >
        <p>{t(round.phase === 'voting' ? 'withdraw.text_voting' : 'withdraw.text')}</p>
      </Confirm>
    </Notification>
  )
}
