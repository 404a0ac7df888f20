import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, Card, Checkbox, LinkButton, TextArea } from '@/ui/hds'
import { ask, office } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { limitsMergeCompletion } from '@/lib/limits.gen'
import { useFocusAfter } from '@/ui/useFocusAfter'
import { Trouble } from '@/ui/problem/Trouble'
import type { Proposal } from '@/data/proposal'
import type { Round } from '@/data/round'
import { ConflictNotes } from './ConflictNotes'
import { classes } from '@/lib/classes'
import styles from '@/ui/work.module.css'
import mergeStyles from '@/shared/merge/merge.module.css'
import { tiesQuery, useStep, type Merge, type Ties } from '@/data/merge'
import { MergedTexts } from '@/shared/merge/MergedTexts'
import { TiedList } from '@/shared/merge/Tied'
import { UndoForm } from './UndoForm'

/** On the desk: ways to merge and split, a merge under way with its authors' answers, the latest one with its way back, and conflicts. */
export function MergeCard({ round, proposal }: { round: Round; proposal: Proposal }) {
  const { data } = useQuery(tiesQuery(round.id, proposal.id))
  return data && <Told round={round} proposal={proposal} data={data} />
}

function Told({ round, proposal, data }: { round: Round; proposal: Proposal; data: Ties }) {
  const { t } = useTranslation('merge')
  const heading = useFocusAfter<HTMLHeadingElement>(`${String(data.merge?.id)} ${String(data.latest?.id)}`)
  const to = `/desk/${round.id}`
  const { merge, latest } = data
  const tied = [...data.into, ...data.made_of, ...data.split_into, ...data.split_from]
  return (
    <Card as="section" className={styles.decide}>
      <h2 ref={heading} tabIndex={-1}>
        {t('desk.link_heading')}
      </h2>
      {tied.length > 0 && <TiedList proposals={tied} to={to} />}
      {merge && <UnderWay key={merge.id} round={round} merge={merge} />}
      {latest && <Latest key={latest.id} round={round.id} merge={latest} />}
      {!merge && (
        <div className="actions">
          {proposal.may.includes('merge') && (
            <LinkButton small variant="secondary" aria-keyshortcuts="m" to={`${to}/merge?of=${String(proposal.id)}`}>
              {t('desk.merge_link')}
            </LinkButton>
          )}
          {proposal.may.includes('split') && (
            <LinkButton small variant="secondary" to={`${to}/split?of=${String(proposal.id)}`}>
              {t('desk.split_link')}
            </LinkButton>
          )}
        </div>
      )}
      <ConflictNotes round={round} proposal={proposal} conflicts={data.conflicts} />
    </Card>
  )
}

/** Every author's answer; when the time is over the facilitator decides about the silent ones. */
function UnderWay({ round, merge }: { round: Round; merge: Merge }) {
  const { t } = useTranslation('merge')
  const { dateTime } = useFormat()
  const [include, setInclude] = useState<number[]>([])
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const path = { params: { path: { round: round.id, merge: merge.id } } }
  const complete = useStep(
    round.id,
    () =>
      ask(
        office.POST('/api/v1/rounds/{round}/merges/{merge}/complete', {
          ...path,
          body: { include, ...(reason.trim() && { reason: reason.trim() }) },
        }),
      ),
    t('state.completed'),
  )
  const drop = useStep(
    round.id,
    () => ask(office.POST('/api/v1/rounds/{round}/merges/{merge}/drop', path)),
    t('state.dropped'),
  )
  const late = Date.parse(merge.answer_by) <= Date.parse(round.now)
  const silent = merge.members.filter(
    ({ consents }) => consents.some(({ answer }) => !answer) && !consents.some(({ answer }) => answer === 'no'),
  )
  const decides = late && silent.length > 0
  const leads = merge.may.includes('complete')
  return (
    <div className="stack">
      <h3>{t(`state.${merge.kind}`)}</h3>
      <p>{t(late ? 'state.late' : 'state.until', { time: dateTime(merge.answer_by) })}</p>
      <Answers merge={merge} round={round.id} />
      <MergedTexts merge={merge} />
      {leads && decides && (
        <>
          {silent.map(({ proposal, title }) => (
            <Checkbox
              key={proposal}
              label={t('state.include', { title })}
              checked={include.includes(proposal)}
              onChange={() => {
                setInclude((old) =>
                  old.includes(proposal) ? old.filter((one) => one !== proposal) : [...old, proposal],
                )
              }}
            />
          ))}
          <TextArea
            label={t('state.reason')}
            helper={t('state.reason_help')}
            error={tried && !reason.trim() ? t('state.reason_missing') : undefined}
            required
            rows={3}
            maxLength={limitsMergeCompletion.reason.maxLength}
            value={reason}
            onChange={(event) => {
              setReason(event.target.value)
            }}
          />
        </>
      )}
      {complete.error && <Trouble cause={complete.error} />}
      {drop.error && <Trouble cause={drop.error} />}
      {leads && (
        <div className="actions">
          {(late || silent.length === 0) && (
            <Button
              busy={complete.isPending}
              onClick={() => {
                setTried(true)
                if (!decides || reason.trim()) complete.mutate(undefined)
              }}
            >
              {t(`state.complete_${merge.kind}`)}
            </Button>
          )}
          <Button
            variant="secondary"
            busy={drop.isPending}
            onClick={() => {
              drop.mutate(undefined)
            }}
          >
            {t('state.drop')}
          </Button>
        </div>
      )}
    </div>
  )
}

function Answers({ merge, round }: { merge: Merge; round: string }) {
  const { t } = useTranslation('merge')
  return (
    <ul className={classes('plain', mergeStyles.consents)}>
      {merge.members.map(({ proposal, title, language, state, consents }) => (
        <li key={proposal}>
          <TiedList proposals={[{ proposal, title, language, state, authors: [] }]} to={`/desk/${round}`} />
          {consents.map(({ author, answer, basis, message }, index) => (
            <p key={index}>
              {t(`state.${basis ?? 'author'}`, { name: author, answer: t(`state.${answer ?? 'unanswered'}`) })}
              {message && (
                <span className="lines" dir="auto">
                  {' '}
                  {message}
                </span>
              )}
            </p>
          ))}
        </li>
      ))}
    </ul>
  )
}

function Latest({ round, merge }: { round: string; merge: Merge }) {
  const { t } = useTranslation('merge')
  const { dateTime } = useFormat()
  return (
    <div className="stack">
      <h3>{t(`state.done_${merge.kind}`)}</h3>
      {merge.settled_at && (
        <p className="muted">{t('state.at', { time: dateTime(merge.settled_at), name: merge.by })}</p>
      )}
      <Answers merge={merge} round={round} />
      {merge.decided && <p className="lines">{t('state.decided', { reason: merge.decided })}</p>}
      {merge.may.includes('undo') && <UndoForm round={round} merge={merge.id} />}
    </div>
  )
}
