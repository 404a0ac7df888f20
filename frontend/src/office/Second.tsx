import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { keys } from '@/data/keys'
import { nextQuery, type Step } from '@/data/office'
import { roundQuery, type Round } from '@/data/round'
import { announce } from '@/lib/announce'
import { ask, office, type Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { useTranslation } from '@/lib/i18n'
import { Problem } from '@/lib/problem'
import { Button, Confirm, Notification } from '@/ui/hds'
import { Trouble } from '@/ui/problem/Trouble'
import { RefuseAsked } from './RefuseAsked'
import { StepFacts } from './StepFacts'

/** A step that an official asked for: another one confirms or refuses it, and whoever asked can take it back. */
export function Second({
  round,
  step,
  next,
  asked,
}: {
  round: Round
  step: Step
  next: Schemas['NextStep']
  asked: Schemas['AskedStep']
}) {
  const { t } = useTranslation('office')
  const { dateTime } = useFormat()
  const cache = useQueryClient()
  const [open, setOpen] = useState(false)
  const { asked_at } = asked
  const refresh = () => {
    setOpen(false)
    void cache.invalidateQueries({ queryKey: nextQuery(round.id).queryKey })
    void cache.invalidateQueries({ queryKey: roundQuery(round.id).queryKey })
  }
  const confirm = useMutation({
    mutationFn: () =>
      ask(
        office.POST('/api/v1/rounds/{round}/steps/asked/confirmation', {
          params: { path: { round: round.id } },
          body: { asked_at },
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
    onError: (cause) => {
      if (cause instanceof Problem && cause.outdated) refresh()
    },
  })
  const close = () => {
    setOpen(false)
  }
  const cause = confirm.error
  return (
    <div className="stack">
      {cause && !open && <Trouble cause={cause} />}
      <Notification kind="info" label={t('second.asked', { name: asked.name, time: dateTime(asked_at) })}>
        <p>{t(asked.own ? 'second.own' : 'second.others')}</p>
        {asked.decision && (
          <p>
            {t('next.decision')}: {asked.decision}
          </p>
        )}
        {asked.copies && (
          <p>
            {t('next.copies')} {asked.copies}
          </p>
        )}
        {asked.reason && (
          <p>
            {t('reason')}: {asked.reason}
          </p>
        )}
        {asked.accepted.length > 0 && (
          <ul>
            {asked.accepted.map((code) => (
              <li key={code}>{t(`warning.${code}`)}</li>
            ))}
          </ul>
        )}
      </Notification>
      <div className="actions">
        {!asked.own && (
          <Button
            onClick={() => {
              setOpen(true)
            }}
          >
            {t('second.confirm')}
          </Button>
        )}
        <RefuseAsked
          own={asked.own}
          send={(reason) =>
            ask(
              office.POST('/api/v1/rounds/{round}/steps/asked/refusal', {
                params: { path: { round: round.id } },
                body: { asked_at, reason },
              }),
            )
          }
          onGone={refresh}
        />
      </div>
      <Confirm
        open={open}
        title={t(`step.${step}.confirm`)}
        action={t(`step.${step}.button`)}
        keep={t('back')}
        busy={confirm.isPending}
        onConfirm={() => {
          confirm.mutate()
        }}
        onClose={close}
      >
        <div className="stack">
          {cause && <Trouble cause={cause} />}
          <p>{t(`step.${step}.does`)}</p>
          <p>{t(`step.${step}.final`)}</p>
          <StepFacts step={step} fixes={next.fixes} />
        </div>
      </Confirm>
    </div>
  )
}
