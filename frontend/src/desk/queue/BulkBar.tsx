import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { keys } from '@/data/keys'
import type { Proposal } from '@/data/proposal'
import { decideMany, isEstimated, isRemovable, isUndecided, mostAtOnce } from '@/data/queue'
import type { Round } from '@/data/round'
import { Assign } from '@/desk/send/Assign'
import { Refer } from '@/desk/send/Refer'
import { announce } from '@/lib/announce'
import type { Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { hasRole, useSession } from '@/lib/session'
import { Button, LinkButton, Notification } from '@/ui/hds'
import { Trouble } from '@/ui/problem/Trouble'
import { BulkBallot } from './BulkBallot'
import { BulkForm } from './BulkForm'
import css from './queue.module.css'

export type Deed = Schemas['BulkAction']
type Open = Deed | 'assign' | 'refer' | 'place' | 'remove'

/** What can be done with all chosen proposals at once; stays in sight while anything is chosen. */
export function BulkBar({
  round,
  chosen,
  onDone,
  onNone,
}: {
  round: Round
  chosen: Proposal[]
  /** These were done, and are chosen no more. */
  onDone: (ids: number[]) => void
  onNone: () => void
}) {
  const { t } = useTranslation(['desk', 'expert', 'merge', 'problem'])
  const { number } = useFormat()
  const cache = useQueryClient()
  const session = useSession()
  const [open, setOpen] = useState<Open>()
  const [refused, setRefused] = useState<Schemas['BulkOutcome'][]>([])
  const of: Record<Open, Proposal[]> = {
    assign: chosen.filter(
      ({ state, mine, text }) =>
        isUndecided(state) &&
        !mine &&
        (hasRole(session, 'official') || (session?.areas.includes(text.area ?? '') ?? false)),
    ),
    refer: chosen.filter(({ may }) => may.includes('refer')),
    take: chosen.filter(({ may }) => may.includes('take')),
    accept: chosen.filter((proposal) => proposal.may.includes('accept') && isEstimated(proposal)),
    reject: chosen.filter(({ may }) => may.includes('reject')),
    correct: chosen.filter(({ may }) => may.includes('correct')),
    place: chosen.filter(({ may }) => may.includes('place')),
    remove: chosen.filter((proposal) => hasRole(session, 'official') && isRemovable(proposal, round)),
  }
  const deeds = (['take', 'assign', 'refer', 'accept', 'reject', 'correct', 'place', 'remove'] as const).filter(
    (deed) => of[deed].length > 0 && (deed !== 'correct' || round.settings.themes.length > 0),
  )
  const decide = useMutation({
    mutationFn: (decision: Omit<Schemas['BulkDecision'], 'proposals'>) =>
      decideMany(round.id, { ...decision, proposals: of[decision.action].map(({ id }) => id) }),
    onSuccess: (outcomes) => {
      const done = outcomes.filter(({ refused }) => !refused).map(({ proposal }) => proposal)
      setRefused(outcomes.filter(({ refused }) => refused))
      announce(t('bulk.done', { count: done.length }))
      setOpen(undefined)
      onDone(done)
    },
    onSettled: () =>
      Promise.all(
        [keys.queue, keys.proposal, keys.proposals, keys.desk].map((key) =>
          cache.invalidateQueries({ queryKey: key(round.id) }),
        ),
      ),
  })
  const ids = open ? of[open].map(({ id }) => id) : []
  const mergeable = chosen.length > 1 && chosen.length <= 10 && chosen.every(({ may }) => may.includes('merge'))
  const sent = () => {
    onDone(ids)
    setOpen(undefined)
  }
  if (chosen.length === 0 && refused.length === 0) return null
  return (
    <section className={css.bulk} aria-label={t('bulk.heading')}>
      {refused.length > 0 && (
        <Notification kind="alert" label={t('bulk.refused', { count: refused.length })} live>
          <ul>
            {refused.map(({ proposal, refused }) => (
              <li key={proposal}>
                <Link to={`/desk/${round.id}/${String(proposal)}`}>#{proposal}</Link>{' '}
                {t(`problem:code.${refused ?? 'internal'}`)}
              </li>
            ))}
          </ul>
          <button
            type="button"
            className={css.link}
            onClick={() => {
              setRefused([])
            }}
          >
            {t('bulk.seen')}
          </button>
        </Notification>
      )}
      {chosen.length > 0 && (
        <>
          <div className={css.acts}>
            <h2>{t('assign.chosen', { count: chosen.length })}</h2>
            {deeds.map((deed) => (
              <button
                key={deed}
                type="button"
                className={css.plain}
                aria-expanded={deed === 'take' ? undefined : open === deed}
                disabled={decide.isPending}
                onClick={() => {
                  setRefused([])
                  if (deed === 'take') decide.mutate({ action: 'take' })
                  else setOpen(open === deed ? undefined : deed)
                }}
              >
                {t(`bulk.${deed}`)}
                {of[deed].length < chosen.length && ` (${number(of[deed].length)})`}
              </button>
            ))}
            {mergeable && (
              <LinkButton
                small
                variant="secondary"
                to={`/desk/${round.id}/merge?of=${chosen.map(({ id }) => id).join(',')}`}
              >
                {t('merge:desk.merge_chosen')}
              </LinkButton>
            )}
            <button type="button" className={css.link} onClick={onNone}>
              {t('assign.none')}
            </button>
          </div>
          {decide.error && !open && <Trouble cause={decide.error} />}
          {open && of[open].length > 0 && (
            <div className={css.form}>
              {(open === 'assign' || open === 'refer') && ids.length > mostAtOnce && (
                <p>{t('bulk.above_most', { most: mostAtOnce })}</p>
              )}
              {open === 'assign' && ids.length <= mostAtOnce && (
                <Assign
                  round={round.id}
                  areas={[...new Set(of.assign.map(({ text }) => text.area ?? ''))]}
                  proposals={ids}
                  onDone={sent}
                />
              )}
              {open === 'refer' && ids.length <= mostAtOnce && <Refer round={round.id} proposals={ids} onDone={sent} />}
              {open === 'accept' && (
                <div className="stack">
                  <p>{t('bulk.accept_text', { count: ids.length, number: number(ids.length) })}</p>
                  {decide.error && <Trouble cause={decide.error} />}
                  <div className="actions">
                    <Button
                      busy={decide.isPending}
                      onClick={() => {
                        decide.mutate({ action: 'accept' })
                      }}
                    >
                      {t('bulk.accept_do', { count: ids.length, number: number(ids.length) })}
                    </Button>
                  </div>
                </div>
              )}
              {(open === 'place' || open === 'remove') && (
                <BulkBallot key={open} round={round} deed={open} proposals={of[open]} onDone={sent} />
              )}
              {(open === 'reject' || open === 'correct') && (
                <BulkForm
                  key={open}
                  round={round}
                  deed={open}
                  count={ids.length}
                  cause={decide.error}
                  busy={decide.isPending}
                  onSend={decide.mutate}
                />
              )}
            </div>
          )}
        </>
      )}
    </section>
  )
}
