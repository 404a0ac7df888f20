import { useMutation, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useNavigate } from '@/lib/router'
import { Button, StatusLabel, TextArea } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { ask, office } from '@/lib/api'
import { useFormat, useLang } from '@/lib/format'
import { Form } from '@/ui/form/Form'
import { useForm } from '@/ui/form/useForm'
import { Trouble } from '@/ui/problem/Trouble'
import { eventQuery, type Event } from '@/data/event'
import { classes } from '@/lib/classes'
import styles from '@/shared/event/event.module.css'

/** How the event stands, and what can be done with it: publish, discard, call off. */
export function EventActs({
  round,
  event,
  onRefused,
}: {
  round: string
  event: Event
  /** Why it was not published: what is missing is said in the form. */
  onRefused: (cause: unknown) => void
}) {
  const { t } = useTranslation(['event', 'problem'])
  const lang = useLang()
  const { number } = useFormat()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const [reason, setReason] = useState<{ fi: string; sv: string }>()
  const path = { params: { path: { round, event: event.id } } }
  const keep = (after: Event, said: string) => {
    cache.setQueryData(eventQuery(round, event.id).queryKey, after)
    void cache.invalidateQueries({ queryKey: keys.events(round) })
    announce(said)
  }
  const publish = useMutation({
    mutationFn: () => ask(office.POST('/api/v1/rounds/{round}/events/{event}/publish', path)),
    onSuccess: (after) => {
      keep(after, t('act.published'))
    },
    onError: onRefused,
  })
  const cancel = useMutation({
    mutationFn: (text: { fi: string; sv: string }) =>
      ask(office.POST('/api/v1/rounds/{round}/events/{event}/cancel', { ...path, body: { reason: text } })),
    onSuccess: (after) => {
      setReason(undefined)
      keep(after, t('act.cancelled'))
    },
  })
  const discard = useMutation({
    mutationFn: () => ask(office.DELETE('/api/v1/rounds/{round}/events/{event}', path)),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: keys.events(round) })
      navigate(`/desk/${round}/events`)
    },
  })
  const needed = (text: string | undefined) => (text?.trim() ? undefined : t('problem:field.required'))
  const form = useForm({
    wrong: { 'reason.fi': needed(reason?.fi), 'reason.sv': needed(reason?.sv) },
    cause: cancel.error,
    prefix: 'cancel.',
  })
  const trouble = publish.error ?? discard.error
  return (
    <section className="stack" aria-label={t('desk.link')}>
      <div className="tags">
        <StatusLabel kind={event.state === 'published' ? 'success' : event.state === 'cancelled' ? 'error' : 'alert'}>
          {t(`state.${event.state}`)}
        </StatusLabel>
        {event.text.seats > 0 && (
          <span>{t('desk.signed', { taken: number(event.taken), seats: number(event.text.seats) })}</span>
        )}
        {event.waiting > 0 && <span>{t('seat.line', { count: event.waiting })}</span>}
      </div>
      <div className="actions">
        {event.may.includes('publish') && (
          <Button
            busy={publish.isPending}
            onClick={() => {
              publish.mutate()
            }}
          >
            {t('act.publish')}
          </Button>
        )}
        {event.may.includes('cancel') && !reason && (
          <Button
            variant="secondary"
            onClick={() => {
              setReason({ fi: '', sv: '' })
            }}
          >
            {t('act.cancel')}
          </Button>
        )}
        {event.may.includes('discard') && (
          <Button
            variant="secondary"
            start="trash"
            busy={discard.isPending}
            onClick={() => {
              discard.mutate()
            }}
          >
            {t('act.discard')}
          </Button>
        )}
        <a href={`/${lang}/rounds/${round}/events/${String(event.id)}`}>{t('desk.public')}</a>
      </div>
      {reason && (
        <Form
          form={form}
          className={classes('stack', styles.seat)}
          busy={cancel.isPending}
          onSend={() => {
            cancel.mutate(reason)
          }}
          actions={
            <Button type="submit" variant="danger" busy={cancel.isPending}>
              {t('act.cancel')}
            </Button>
          }
        >
          <p>{t('act.cancel_lead')}</p>
          {(['fi', 'sv'] as const).map((one) => (
            <TextArea
              key={one}
              id={`cancel.reason.${one}`}
              label={t(`act.reason_${one}`)}
              error={form.errorOf(`reason.${one}`)}
              lang={one}
              required
              rows={2}
              maxLength={1000}
              value={reason[one]}
              onChange={({ target }) => {
                setReason({ ...reason, [one]: target.value })
              }}
            />
          ))}
        </Form>
      )}
      {trouble && <Trouble cause={trouble} />}
    </section>
  )
}
