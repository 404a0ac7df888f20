import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from '@/lib/router'
import { keys } from '@/data/keys'
import { eventFileQuery, eventQuery, type Event } from '@/data/event'
import { announce } from '@/lib/announce'
import { ask, office, type Schemas } from '@/lib/api'
import { classes } from '@/lib/classes'
import { useFormat } from '@/lib/format'
import { useTranslation } from '@/lib/i18n'
import { limitsWalkIns } from '@/lib/limits.gen'
import { readWhole } from '@/lib/number'
import { Ask } from '@/ui/Ask'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { Button, Confirm, TextInput } from '@/ui/hds'
import { Trouble } from '@/ui/problem/Trouble'
import styles from './editor.module.css'

type Participant = Schemas['EventParticipant']

/** Who comes, who waits, and who stands at the door. */
export function Participants({ round, event }: { round: string; event: Event }) {
  return (
    <Ask query={useQuery(eventFileQuery(round, event.id))}>
      {({ participants }) => <List round={round} event={event} participants={participants} />}
    </Ask>
  )
}

function List({ round, event, participants }: { round: string; event: Event; participants: Participant[] }) {
  const { t } = useTranslation('participant')
  const [off, setOff] = useState<Participant>()
  const admits = event.may.includes('admit')
  const groups = [
    { title: t('coming'), people: participants.filter(({ waiting }) => waiting === 0) },
    { title: t('line'), people: participants.filter(({ waiting }) => waiting > 0) },
  ].filter(({ people }) => people.length > 0)
  return (
    <section className="stack">
      <h2>{t('title')}</h2>
      <p className="muted">{t('lead')}</p>
      {participants.length === 0 ? (
        <p>{t('none')}</p>
      ) : (
        <p>
          <Link to={`/desk/${round}/events/${String(event.id)}/list`}>{t('list')}</Link>
        </p>
      )}
      {groups.map(({ title, people }) => (
        <div key={title} className="stack-s">
          <h3>{title}</h3>
          <ol className={styles.people}>
            {people.map((one) => (
              <li key={one.id}>
                <span>
                  <span dir="auto">{one.name || t('no_name')}</span>
                  {one.walk_in && ` (${t('walk_in')})`}
                </span>
                {admits && (
                  <Button
                    small
                    variant="secondary"
                    aria-label={t('remove.open_for', { name: one.name || t('no_name') })}
                    onClick={() => {
                      setOff(one)
                    }}
                  >
                    {t('remove.open')}
                  </Button>
                )}
              </li>
            ))}
          </ol>
        </div>
      ))}
      {off && (
        <Remove
          round={round}
          event={event}
          participant={off}
          onClose={() => {
            setOff(undefined)
          }}
        />
      )}
      {admits && <Door round={round} event={event} />}
    </section>
  )
}

function useRefresh(round: string, event: Event) {
  const cache = useQueryClient()
  return async () => {
    void cache.invalidateQueries({ queryKey: keys.deskEvents(round) })
    await Promise.all([
      cache.invalidateQueries({ queryKey: eventQuery(round, event.id).queryKey }),
      cache.invalidateQueries({ queryKey: eventFileQuery(round, event.id).queryKey }),
    ])
  }
}

function Remove({
  round,
  event,
  participant,
  onClose,
}: {
  round: string
  event: Event
  participant: Participant
  onClose: () => void
}) {
  const { t } = useTranslation('participant')
  const refresh = useRefresh(round, event)
  const remove = useMutation({
    mutationFn: () =>
      ask(
        office.DELETE('/api/v1/rounds/{round}/events/{event}/case/participants/{participant}', {
          params: { path: { round, event: event.id, participant: participant.id } },
        }),
      ),
    onSuccess: async () => {
      onClose()
      announce(t('remove.done'))
      await refresh()
    },
  })
  return (
    <Confirm
      open
      title={t('remove.title', { name: participant.name || t('no_name') })}
      action={t('remove.confirm')}
      keep={t('remove.keep')}
      busy={remove.isPending}
      onConfirm={() => {
        remove.mutate()
      }}
      onClose={onClose}
    >
      <p>{t(participant.walk_in ? 'remove.walk_in' : 'remove.told')}</p>
      {remove.error && <Trouble cause={remove.error} />}
    </Confirm>
  )
}

/** People who come without having signed up: as many as there are free seats, where seats are signed up for. */
function Door({ round, event }: { round: string; event: Event }) {
  const { t } = useTranslation('participant')
  const { number } = useFormat()
  const refresh = useRefresh(round, event)
  const { maximum } = limitsWalkIns.people
  const free = event.text.seats > 0 ? event.text.seats - event.taken : undefined
  const most = Math.min(maximum, free ?? maximum)
  const add = useMutation({
    mutationFn: (body: Schemas['WalkIns']) =>
      ask(
        office.POST('/api/v1/rounds/{round}/events/{event}/case/participants', {
          params: { path: { round, event: event.id } },
          body,
        }),
      ),
    onSuccess: async (_, { people }) => {
      empty()
      announce(t('door.done', { count: people }))
      await refresh()
    },
    onError: refresh, // somebody else may have taken the last seat
  })
  const { values, form, field, empty } = useFields({
    start: { people: '1', name: '' },
    labels: { people: t('door.people'), name: t('door.name') },
    check: ({ people }) => {
      const n = readWhole(people)
      return n !== undefined && n >= 1 && n <= most ? {} : { people: t('door.people_wrong', { most: number(most) }) }
    },
    prefix: 'door.',
    cause: add.error,
    slot: `event-door.${round}.${String(event.id)}`,
  })
  const full = most <= 0
  return (
    <div className="stack">
      <h3>{t('door.title')}</h3>
      <p className="muted">{t('door.help')}</p>
      {free !== undefined && <p role="status">{full ? t('door.full') : t('door.free', { count: free })}</p>}
      {!full && (
        <Form
          form={form}
          busy={add.isPending}
          className={classes('stack', styles.form)}
          onSend={() => {
            const people = readWhole(values.people)
            const name = values.name.trim()
            if (people !== undefined) add.mutate({ people, ...(name ? { name } : {}) })
          }}
          actions={
            <Button type="submit" variant="secondary" busy={add.isPending}>
              {t('door.add')}
            </Button>
          }
        >
          <TextInput {...field('people')} required inputMode="numeric" autoComplete="off" />
          <TextInput {...field('name')} autoComplete="off" maxLength={limitsWalkIns.name.maxLength} />
        </Form>
      )}
    </div>
  )
}
