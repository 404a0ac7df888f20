import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Button, TextArea, TextInput } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { Ask } from '@/ui/Ask'
import { ask, office } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { readNumbers } from '@/lib/number'
import { limitsNewEventNote, limitsPublicText } from '@/lib/limits.gen'
import { Trouble } from '@/ui/problem/Trouble'
import { eventFileQuery, eventQuery, type Event } from '@/data/event'

/** Who signed up, by the names that are shown, notes for colleagues, and what is told to everybody. */
export function EventCase({ round, event }: { round: string; event: Event }) {
  const { t } = useTranslation('event')
  const { dateTime, number } = useFormat()
  return (
    <Ask query={useQuery(eventFileQuery(round, event.id))}>
      {({ seats, notes }) => (
        <>
          {(event.text.seats > 0 || seats.length > 0) && (
            <section className="stack">
              <h2>{t('file.people')}</h2>
              {seats.length === 0 ? (
                <p>{t('file.nobody')}</p>
              ) : (
                <ol>
                  {seats.map(({ name, waiting }, index) => (
                    <li key={index}>
                      {name}
                      {waiting > 0 && ` (${t('file.waiting', { number: number(waiting) })})`}
                    </li>
                  ))}
                </ol>
              )}
            </section>
          )}
          <section className="stack">
            <h2>{t('file.notes')}</h2>
            <p className="muted">{t('file.notes_help')}</p>
            <ul className="plain stack">
              {notes.map(({ id, at, by, text, proposal }) => (
                <li key={id} className="event-note">
                  <p className="muted">
                    {dateTime(at)} · {by}
                  </p>
                  <p className="event-lines" dir="auto">
                    {text}
                  </p>
                  {proposal && (
                    <p dir="auto">
                      <Link to={`/desk/${round}/${String(proposal.id)}`}>{proposal.title}</Link>
                    </p>
                  )}
                </li>
              ))}
            </ul>
            <NoteForm round={round} event={event.id} />
          </section>
          {event.may.includes('tell') && <OutcomeForm round={round} event={event} />}
        </>
      )}
    </Ask>
  )
}

function NoteForm({ round, event }: { round: string; event: number }) {
  const { t } = useTranslation('event')
  const cache = useQueryClient()
  const [text, setText] = useState('')
  const [proposal, setProposal] = useState('')
  const [tried, setTried] = useState(false)
  const [about, another] = readNumbers(proposal) ?? []
  const wrong = proposal.trim() !== '' && (!about || another !== undefined)
  const add = useMutation({
    mutationFn: () =>
      ask(
        office.POST('/api/v1/rounds/{round}/events/{event}/case/notes', {
          params: { path: { round, event } },
          body: { text, ...(about ? { proposal: about } : {}) },
        }),
      ),
    onSuccess: async () => {
      setText('')
      setProposal('')
      announce(t('file.added'))
      await cache.invalidateQueries({ queryKey: eventFileQuery(round, event).queryKey })
    },
  })
  return (
    <form
      noValidate
      className="stack event-form"
      onSubmit={(sent) => {
        sent.preventDefault()
        setTried(true)
        if (!wrong) add.mutate()
      }}
    >
      <TextArea
        label={t('file.note')}
        required
        rows={3}
        maxLength={limitsNewEventNote.text.maxLength}
        value={text}
        onChange={({ target }) => {
          setText(target.value)
        }}
      />
      <TextInput
        label={t('file.proposal')}
        inputMode="numeric"
        autoComplete="off"
        error={tried && wrong ? t('file.proposal_wrong') : undefined}
        value={proposal}
        onChange={({ target }) => {
          setProposal(target.value)
        }}
      />
      {add.error && <Trouble cause={add.error} />}
      <div className="actions">
        <Button type="submit" variant="secondary" busy={add.isPending}>
          {t('file.add')}
        </Button>
      </div>
    </form>
  )
}

function OutcomeForm({ round, event }: { round: string; event: Event }) {
  const { t } = useTranslation('event')
  const cache = useQueryClient()
  const [summary, setSummary] = useState({ fi: event.summary?.fi ?? '', sv: event.summary?.sv ?? '' })
  const [numbers, setNumbers] = useState(event.proposals?.map(({ id }) => id).join(', ') ?? '')
  const [tried, setTried] = useState(false)
  const wrong = readNumbers(numbers) === undefined
  const tell = useMutation({
    mutationFn: () =>
      ask(
        office.PUT('/api/v1/rounds/{round}/events/{event}/outcome', {
          params: { path: { round, event: event.id } },
          body: {
            ...(summary.fi || summary.sv ? { summary: { ...event.summary, ...summary } } : {}),
            proposals: readNumbers(numbers) ?? [],
          },
        }),
      ),
    onSuccess: (after) => {
      cache.setQueryData(eventQuery(round, event.id).queryKey, after)
      announce(t('file.assisted'))
    },
  })
  return (
    <section className="stack">
      <h2>{t('file.outcome')}</h2>
      <form
        noValidate
        className="stack event-form"
        onSubmit={(sent) => {
          sent.preventDefault()
          setTried(true)
          if (!wrong) tell.mutate()
        }}
      >
        {(['fi', 'sv'] as const).map((one) => (
          <TextArea
            key={one}
            label={t(`file.summary_${one}`)}
            lang={one}
            rows={3}
            maxLength={limitsPublicText[one].maxLength}
            value={summary[one]}
            onChange={({ target }) => {
              setSummary({ ...summary, [one]: target.value })
            }}
          />
        ))}
        <TextInput
          label={t('file.proposals')}
          helper={t('file.proposals_help')}
          error={tried && wrong ? t('file.proposals_wrong') : undefined}
          autoComplete="off"
          value={numbers}
          onChange={({ target }) => {
            setNumbers(target.value)
          }}
        />
        {tell.error && <Trouble cause={tell.error} />}
        <div className="actions">
          <Button type="submit" variant="secondary" busy={tell.isPending}>
            {t('file.tell')}
          </Button>
        </div>
      </form>
    </section>
  )
}
