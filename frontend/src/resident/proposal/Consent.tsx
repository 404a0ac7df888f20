import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, Card, TextArea } from '@/ui/hds'
import { ask, office } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { limitsMergeAnswer } from '@/lib/limits.gen'
import { Trouble } from '@/ui/problem/Trouble'
import { useStep, type Merge } from '@/data/merge'
import { MergedTexts } from '@/shared/merge/MergedTexts'
import { TiedList } from '@/shared/merge/Tied'
import { classes } from '@/lib/classes'
import styles from '@/shared/proposal/proposal.module.css'
import mergeStyles from '@/shared/merge/merge.module.css'

/** What the facilitator asks an author, and her answer, which she gives once. */
export function Consent({ round, proposal, merge, to }: { round: string; proposal: number; merge: Merge; to: string }) {
  const { t } = useTranslation('merge')
  const { dateTime } = useFormat()
  const [message, setMessage] = useState('')
  const answer = useStep(
    round,
    (yes: boolean) =>
      ask(
        office.POST('/api/v1/rounds/{round}/merges/{merge}/answer', {
          params: { path: { round, merge: merge.id } },
          body: { answer: yes ? 'yes' : 'no', ...(message.trim() && { message: message.trim() }) },
        }),
      ),
    t('ask.done'),
  )
  const mine = merge.members.flatMap(({ consents }) => consents).find((one) => one.mine)
  const tied = merge.members.map(({ proposal, title, language, state }) => ({
    proposal,
    title,
    language,
    state,
    authors: [],
  }))
  const target = merge.parts.find(({ made }) => !made)?.proposal
  return (
    <Card as="section" className={classes(styles.answer, 'stack')}>
      <h2>{t(`ask.${merge.kind}`)}</h2>
      <p>{t(`ask.${merge.kind}_text`, { name: merge.by })}</p>
      {merge.kind === 'merge' && <TiedList proposals={tied} to={to} />}
      {merge.message && (
        <blockquote className={classes('lines', mergeStyles.tiedMessage)} dir="auto">
          {merge.message}
        </blockquote>
      )}
      {target !== undefined && (
        <>
          <p>{t('ask.into')}</p>
          <TiedList proposals={tied.filter((one) => one.proposal === target)} to={to} />
        </>
      )}
      <MergedTexts merge={merge} />
      <p>{t('ask.keeps')}</p>
      {answer.error && <Trouble cause={answer.error} />}
      {merge.may.includes('answer') ? (
        <>
          <p>
            <strong>{t('ask.by', { time: dateTime(merge.answer_by) })}</strong>
          </p>
          <TextArea
            id={`consent-${String(proposal)}`}
            label={t('ask.message')}
            rows={3}
            maxLength={limitsMergeAnswer.message.maxLength}
            value={message}
            onChange={(event) => {
              setMessage(event.target.value)
            }}
          />
          <div className="actions">
            <Button
              busy={answer.isPending}
              onClick={() => {
                answer.mutate(true)
              }}
            >
              {t('ask.yes')}
            </Button>
            <Button
              variant="secondary"
              busy={answer.isPending}
              onClick={() => {
                answer.mutate(false)
              }}
            >
              {t('ask.no')}
            </Button>
          </div>
        </>
      ) : (
        mine?.answer && (
          <p>
            <strong>{t(`ask.answered_${mine.answer}`)}</strong>
          </p>
        )
      )}
    </Card>
  )
}
