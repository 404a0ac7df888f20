import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useNavigate, useParams } from '@/lib/router'
import { announce } from '@/lib/announce'
import { ask, office, type Schemas } from '@/lib/api'
import { Problem } from '@/lib/problem'
import { useLocal } from '@/ui/text'
import { useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Missing } from '@/ui/Missing'
import { Page } from '@/ui/Page'
import { EventActs } from './EventActs'
import { EventCase } from './EventCase'
import { EventForm } from './EventForm'
import { MovedDialog } from './MovedDialog'
import { Participants } from './Participants'
import { deskEventsQuery, eventQuery, type Event, type EventText } from '@/data/event'

/** A new event, or one of mine with what belongs to it. */
export default function EventEditor() {
  const { event } = useParams()
  return (
    <AskPage query={useRound()}>
      {(round) => (event === 'new' ? <New round={round} /> : <Old round={round} id={Number(event)} />)}
    </AskPage>
  )
}

interface Saving {
  text: EventText
  done: (after: Event) => void
}

function useCrumbs(round: Round) {
  const { t } = useTranslation(['event', 'desk'])
  const local = useLocal()
  return [
    { to: '/desk', text: t('desk:title') },
    { to: `/desk/${round.id}`, text: local(round.name) },
    { to: `/desk/${round.id}/events`, text: t('desk.link') },
  ]
}

function New({ round }: { round: Round }) {
  const { t } = useTranslation('event')
  const navigate = useNavigate()
  const cache = useQueryClient()
  const draft = useMutation({
    mutationFn: ({ text }: Saving) =>
      ask(office.POST('/api/v1/rounds/{round}/events', { params: { path: { round: round.id } }, body: text })),
    onSuccess: (made, { done }) => {
      done(made)
      announce(t('edit.saved'))
      void cache.invalidateQueries({ queryKey: deskEventsQuery(round.id).queryKey })
      navigate(`/desk/${round.id}/events/${String(made.id)}`, { replace: true })
    },
  })
  return (
    <Page title={t('desk.new')} above={useCrumbs(round)}>
      <EventForm
        round={round}
        busy={draft.isPending}
        cause={draft.error}
        onSave={(text, done) => {
          draft.mutate({ text, done })
        }}
      />
    </Page>
  )
}

function Old({ round, id }: { round: Round; id: number }) {
  const valid = Number.isInteger(id) && id > 0
  const query = useQuery({ ...eventQuery(round.id, id), enabled: valid })
  if (!valid) return <Missing />
  return <AskPage query={query}>{(event) => <OldPage key={event.id} round={round} event={event} />}</AskPage>
}

function OldPage({ round, event }: { round: Round; event: Event }) {
  const { t } = useTranslation('event')
  const local = useLocal()
  const cache = useQueryClient()
  const [refused, setRefused] = useState<unknown>()
  const reload = async (cause: unknown) => {
    // The form then shows what others have written; nothing is sent over it before.
    if (cause instanceof Problem && cause.outdated)
      await cache.invalidateQueries({ queryKey: eventQuery(round.id, event.id).queryKey })
  }
  const edit = useMutation({
    mutationFn: ({ text }: Saving) =>
      ask(
        office.PUT('/api/v1/rounds/{round}/events/{event}', {
          params: { path: { round: round.id, event: event.id } },
          body: { version: event.version, text },
        }),
      ),
    onSuccess: (after, { done }) => {
      done(after)
      announce(t('edit.saved'))
      cache.setQueryData(eventQuery(round.id, event.id).queryKey, after)
      void cache.invalidateQueries({ queryKey: keys.events(round.id) })
    },
    onError: reload,
  })
  // Another time or place is told to those who signed up: first it is shown what they will read.
  const [told, setTold] = useState<{ preview: Schemas['EventPreview']; saving: Saving }>()
  const preview = useMutation({
    mutationFn: ({ text }: Saving) =>
      ask(
        office.POST('/api/v1/rounds/{round}/events/{event}/preview', {
          params: { path: { round: round.id, event: event.id } },
          body: { version: event.version, text },
        }),
      ),
    onSuccess: (found, saving) => {
      if (found.letters.length > 0) setTold({ preview: found, saving })
      else edit.mutate(saving)
    },
    onError: reload,
  })
  const save = (saving: Saving) => {
    setRefused(undefined)
    edit.reset()
    preview.reset()
    if (event.state === 'published') preview.mutate(saving)
    else edit.mutate(saving)
  }
  return (
    <Page title={local(event.text.title) || t('desk.untitled')} above={useCrumbs(round)}>
      <div className="stack-l">
        <EventActs round={round.id} event={event} onRefused={setRefused} />
        {event.state !== 'draft' && <Participants round={round.id} event={event} />}
        {event.may.includes('edit') && (
          <EventForm
            round={round}
            event={event}
            busy={edit.isPending || preview.isPending}
            cause={edit.error ?? preview.error ?? refused}
            onSave={(text, done) => {
              save({ text, done })
            }}
          />
        )}
        {told && (
          <MovedDialog
            told={told.preview}
            onSave={() => {
              setTold(undefined)
              edit.mutate(told.saving)
            }}
            onClose={() => {
              setTold(undefined)
            }}
          />
        )}
        {event.state !== 'draft' && <EventCase round={round.id} event={event} />}
      </div>
    </Page>
  )
}
