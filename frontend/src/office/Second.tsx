import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { keys } from '@/data/keys'
import { nextQuery, type Step } from '@/data/office'
import { roundQuery, type Round } from '@/data/round'
import { announce } from '@/lib/announce'
import { ask, office, type Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { useTranslation } from '@/lib/i18n'
import { limitsStepRefusal } from '@/lib/limits.gen'
import { Problem } from '@/lib/problem'
import { Button, Dialog, Notification, TextInput } from '@/ui/hds'
import { Trouble } from '@/ui/problem/Trouble'
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
  const [open, setOpen] = useState<'confirm' | 'refuse'>()
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const { asked_at } = asked
  const refresh = () => {
    setOpen(undefined)
    void cache.invalidateQueries({ queryKey: nextQuery(round.id).queryKey })
    void cache.invalidateQueries({ queryKey: roundQuery(round.id).queryKey })
  }
  const onError = (cause: Error) => {
    if (cause instanceof Problem && cause.outdated) refresh()
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
      setOpen(undefined)
    },
    onError,
  })
  const refuse = useMutation({
    mutationFn: () =>
      ask(
        office.POST('/api/v1/rounds/{round}/steps/asked/refusal', {
          params: { path: { round: round.id } },
          body: { asked_at, reason: reason.trim() },
        }),
      ),
    onSuccess: () => {
      announce(t(asked.own ? 'second.taken_back' : 'second.refused'))
      refresh()
    },
    onError,
  })
  const refusal = t(asked.own ? 'second.take_back' : 'second.refuse')
  const close = () => {
    setOpen(undefined)
  }
  const send = () => {
    setTried(true)
    if (reason.trim()) refuse.mutate()
    else document.getElementById('second-reason')?.focus()
  }
  const cause = confirm.error ?? refuse.error
  return (
    <div className="stack">
      {cause && open === undefined && <Trouble cause={cause} />}
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
              setOpen('confirm')
            }}
          >
            {t('second.confirm')}
          </Button>
        )}
        <Button
          variant="secondary"
          onClick={() => {
            setTried(false)
            setOpen('refuse')
          }}
        >
          {refusal}
        </Button>
      </div>
      <Dialog
        open={open !== undefined}
        title={open === 'refuse' ? refusal : t(`step.${step}.confirm`)}
        onClose={close}
        actions={
          <>
            {open === 'refuse' ? (
              <Button busy={refuse.isPending} onClick={send}>
                {refusal}
              </Button>
            ) : (
              <Button
                variant="danger"
                busy={confirm.isPending}
                onClick={() => {
                  confirm.mutate()
                }}
              >
                {t(`step.${step}.button`)}
              </Button>
            )}
            <Button variant="secondary" onClick={close}>
              {t('back')}
            </Button>
          </>
        }
      >
        <div className="stack">
          {cause && <Trouble cause={cause} />}
          {open === 'refuse' ? (
            <TextInput
              id="second-reason"
              label={t('reason')}
              helper={t('reason_help')}
              required
              maxLength={limitsStepRefusal.reason.maxLength}
              value={reason}
              error={tried && !reason.trim() ? t('required') : undefined}
              onChange={(event) => {
                setReason(event.target.value)
              }}
            />
          ) : (
            <>
              <p>{t(`step.${step}.does`)}</p>
              <p>{t(`step.${step}.final`)}</p>
              <StepFacts step={step} fixes={next.fixes} />
            </>
          )}
        </div>
      </Dialog>
    </div>
  )
}
