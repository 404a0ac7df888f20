import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Button, Card, Checkbox, Dialog, Notification, TextInput } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { Ask } from '@/ui/Ask'
import { ask, office, type Schemas } from '@/lib/api'
import { limitsStepRequest } from '@/lib/limits.gen'
import { useFocusAfter } from '@/ui/useFocusAfter'
import { Trouble } from '@/ui/problem/Trouble'
import { roundQuery, type Round } from '@/data/round'
import { decided, final, nextQuery, type Step } from '@/data/office'

/** The next step: what it does, what stands in its way, and the confirmation it asks for. */
export function NextStep({ round }: { round: Round }) {
  const { t } = useTranslation('office')
  const heading = useFocusAfter<HTMLHeadingElement>(round.phase)
  return (
    <Card as="section" className="stack office-next">
      <h2 ref={heading} tabIndex={-1}>
        {t('next.heading')}
      </h2>
      <Ask query={useQuery(nextQuery(round.id))}>
        {({ step, blockers }) =>
          step ? <StepCard key={step} round={round} step={step} blockers={blockers} /> : <p>{t('next.none')}</p>
        }
      </Ask>
    </Card>
  )
}

/** The page where a blocker is cleared, if there is one. */
const clearedAt = {
  no_projects: (round: string) => `/office/${round}/ballot`,
  area_without_projects: (round: string) => `/office/${round}/ballot`,
  no_roll: (round: string) => `/office/${round}/roll`,
  proposals_undecided: (round: string) => `/desk/${round}`,
}

const isCleared = (blocker: Schemas['Blocker']): blocker is keyof typeof clearedAt => blocker in clearedAt

function StepCard({ round, step, blockers }: { round: Round; step: Step; blockers: Schemas['Blocker'][] }) {
  const { t } = useTranslation('office')
  const cache = useQueryClient()
  const [open, setOpen] = useState(false)
  const [decision, setDecision] = useState('')
  const [reason, setReason] = useState('')
  const [ticked, setTicked] = useState(false)
  const [tried, setTried] = useState(false)
  const early = blockers.includes('not_closing_time')
  const blocked = blockers.filter((blocker) => blocker !== 'not_closing_time')
  const needs = { decision: decided.includes(step), reason: early, tick: final.includes(step) }
  const missing = {
    decision: needs.decision && !decision.trim(),
    reason: needs.reason && !reason.trim(),
    tick: needs.tick && !ticked,
  }

  const take = useMutation({
    mutationFn: () =>
      ask(
        office.POST('/api/v1/rounds/{round}/steps', {
          params: { path: { round: round.id } },
          body: {
            step,
            ...(needs.decision && { decision: decision.trim() }),
            ...(reason.trim() && { reason: reason.trim() }),
          },
        }),
      ),
    onSuccess: (moved) => {
      cache.setQueryData(roundQuery(round.id).queryKey, moved)
      void cache.invalidateQueries({ queryKey: keys.round(round.id) })
      void cache.invalidateQueries({ queryKey: keys.rounds })
      void cache.invalidateQueries({ queryKey: keys.results(round.id) })
      announce(t(`step.${step}.done`))
      setOpen(false)
    },
  })
  const confirm = () => {
    setTried(true)
    const first = (['decision', 'reason', 'tick'] as const).find((field) => missing[field])
    if (first) document.getElementById(`step-${first}`)?.focus()
    else take.mutate()
  }
  return (
    <>
      <h3>{t(`step.${step}.title`)}</h3>
      <p>{t(`step.${step}.does`)}</p>
      {blocked.length > 0 ? (
        <Notification kind="alert" label={t('next.blocked')}>
          <ul>
            {blocked.map((blocker) => (
              <li key={blocker}>
                {t(`blocker.${blocker}`)}
                {isCleared(blocker) && (
                  <>
                    {' '}
                    <Link to={clearedAt[blocker](round.id)}>{t(`next.clear.${blocker}`)}</Link>
                  </>
                )}
              </li>
            ))}
          </ul>
        </Notification>
      ) : (
        <div className="actions">
          <Button
            onClick={() => {
              setOpen(true)
            }}
          >
            {t(`step.${step}.button`)}
          </Button>
        </div>
      )}
      <Dialog
        open={open}
        title={t(`step.${step}.confirm`)}
        onClose={() => {
          setOpen(false)
        }}
        actions={
          <>
            <Button variant={needs.tick ? 'danger' : 'primary'} busy={take.isPending} onClick={confirm}>
              {t(`step.${step}.button`)}
            </Button>
            <Button
              variant="secondary"
              onClick={() => {
                setOpen(false)
              }}
            >
              {t('back')}
            </Button>
          </>
        }
      >
        <div className="stack">
          {take.error && <Trouble cause={take.error} />}
          <p>{t(`step.${step}.does`)}</p>
          {needs.tick && <p>{t(`step.${step}.final`)}</p>}
          {needs.decision && (
            <TextInput
              id="step-decision"
              label={t('next.decision')}
              helper={t('next.decision_help')}
              required
              maxLength={limitsStepRequest.decision.maxLength}
              value={decision}
              error={tried && missing.decision ? t('required') : undefined}
              onChange={(event) => {
                setDecision(event.target.value)
              }}
            />
          )}
          {early && <Notification kind="alert">{t('next.early')}</Notification>}
          {needs.reason && (
            <TextInput
              id="step-reason"
              label={t('reason')}
              helper={t('reason_help')}
              required
              maxLength={limitsStepRequest.reason.maxLength}
              value={reason}
              error={tried && missing.reason ? t('required') : undefined}
              onChange={(event) => {
                setReason(event.target.value)
              }}
            />
          )}
          {needs.tick && (
            <Checkbox
              id="step-tick"
              label={t('next.tick')}
              checked={ticked}
              aria-invalid={tried && missing.tick ? true : undefined}
              onChange={(event) => {
                setTicked(event.target.checked)
              }}
            />
          )}
          {tried && missing.tick && (
            <p className="office-error" role="alert">
              {t('next.tick_missing')}
            </p>
          )}
        </div>
      </Dialog>
    </>
  )
}
