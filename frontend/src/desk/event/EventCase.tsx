import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { Button, TextArea, TextInput } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { Ask } from '@/ui/Ask'
import { ask, office } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { Problem } from '@/lib/problem'
import { readNumbers } from '@/lib/number'
import { limitsNewEventNote, limitsPublicText } from '@/lib/limits.gen'
import { Form } from '@/ui/form/Form'
import { Newer } from '@/ui/form/Newer'
import { isSame } from '@/ui/form/newer'
import { useForm } from '@/ui/form/useForm'
import { useKept } from '@/ui/form/useKept'
import { eventFileQuery, eventQuery, type Event } from '@/data/event'
import { classes } from '@/lib/classes'
import styles from './editor.module.css'
import eventStyles from '@/shared/event/event.module.css'

/** Notes for colleagues, and what is told to everybody. */
export function EventCase({ round, event }: { round: string; event: Event }) {
  const { t } = useTranslation('event')
  const { dateTime } = useFormat()
  return (
    <Ask query={useQuery(eventFileQuery(round, event.id))}>
      {({ notes }) => (
        <>
          <section className="stack">
            <h2>{t('file.notes')}</h2>
            <p className="muted">{t('file.notes_help')}</p>
            <ul className="plain stack">
              {notes.map(({ id, at, by, text, proposal }) => (
                <li key={id} className={styles.note}>
                  <p className="muted">
                    {dateTime(at)} · {by}
                  </p>
                  <p className={eventStyles.lines} dir="auto">
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
  const { t } = useTranslation(['event', 'problem'])
  const cache = useQueryClient()
  const [written, setWritten, done] = useKept(`event-note.${round}.${String(event)}`, { text: '', proposal: '' })
  const { text, proposal } = written
  const [about, another] = readNumbers(proposal) ?? []
  const add = useMutation({
    mutationFn: () =>
      ask(
        office.POST('/api/v1/rounds/{round}/events/{event}/case/notes', {
          params: { path: { round, event } },
          body: { text, ...(about ? { proposal: about } : {}) },
        }),
      ),
    onSuccess: async () => {
      setWritten({ text: '', proposal: '' })
      done()
      form.begin()
      announce(t('file.added'))
      await cache.invalidateQueries({ queryKey: eventFileQuery(round, event).queryKey })
    },
  })
  const form = useForm({
    wrong: {
      text: text.trim() ? undefined : t('problem:field.required'),
      proposal: proposal.trim() !== '' && (!about || another !== undefined) ? t('file.proposal_wrong') : undefined,
    },
    cause: add.error,
    prefix: 'event-note.',
  })
  return (
    <Form
      form={form}
      busy={add.isPending}
      className={classes('stack', styles.form)}
      onSend={add.mutate}
      actions={
        <Button type="submit" variant="secondary" busy={add.isPending}>
          {t('file.add')}
        </Button>
      }
    >
      <TextArea
        id="event-note.text"
        label={t('file.note')}
        required
        rows={3}
        maxLength={limitsNewEventNote.text.maxLength}
        error={form.errorOf('text')}
        value={text}
        onChange={({ target }) => {
          setWritten({ ...written, text: target.value })
        }}
      />
      <TextInput
        id="event-note.proposal"
        label={t('file.proposal')}
        inputMode="numeric"
        autoComplete="off"
        error={form.errorOf('proposal')}
        value={proposal}
        onChange={({ target }) => {
          setWritten({ ...written, proposal: target.value })
        }}
      />
    </Form>
  )
}

/** What an event has told, as it stands in the form. */
const toldOf = (event: Event) => ({
  summary: { fi: event.summary?.fi ?? '', sv: event.summary?.sv ?? '' },
  proposals: event.proposals?.map(({ id }) => id).join(', ') ?? '',
})

function OutcomeForm({ round, event }: { round: string; event: Event }) {
  const { t } = useTranslation('event')
  const cache = useQueryClient()
  const at = `outcome.${round}.${String(event.id)}`
  // With what it began with: a colleague may have told meanwhile.
  const now = toldOf(event)
  const [{ base, written }, setWritten, done] = useKept(at, { base: now, written: now })
  const { summary, proposals: numbers } = written
  const set = (more: Partial<typeof now>) => {
    setWritten((old) => ({ ...old, written: { ...old.written, ...more } }))
  }
  const tell = useMutation({
    mutationFn: () =>
      ask(
        office.PUT('/api/v1/rounds/{round}/events/{event}/outcome', {
          params: { path: { round, event: event.id } },
          body: {
            version: event.version,
            ...(summary.fi || summary.sv ? { summary: { ...event.summary, ...summary } } : {}),
            proposals: readNumbers(numbers) ?? [],
          },
        }),
      ),
    onSuccess: (after) => {
      cache.setQueryData(eventQuery(round, event.id).queryKey, after)
      setWritten({ base: toldOf(after), written: toldOf(after) })
      done()
      announce(t('file.told'))
    },
    onError: async (cause) => {
      if (cause instanceof Problem && cause.outdated)
        await cache.invalidateQueries({ queryKey: eventQuery(round, event.id).queryKey })
    },
  })
  const newer = !tell.isPending && !isSame(base, now)
  const form = useForm({
    wrong: { proposals: readNumbers(numbers) ? undefined : t('file.proposals_wrong') },
    cause: newer ? undefined : tell.error,
    prefix: 'outcome.',
  })
  return (
    <section className="stack">
      <h2>{t('file.outcome')}</h2>
      <Form
        form={form}
        busy={tell.isPending}
        className={classes('stack', styles.form)}
        onSend={tell.mutate}
        actions={
          <Button type="submit" variant="secondary" busy={tell.isPending} disabled={newer}>
            {t('file.tell')}
          </Button>
        }
      >
        {newer && (
          <Newer
            base={base}
            mine={written}
            theirs={now}
            prefix="outcome."
            onChoose={(goesOn) => {
              setWritten({ base: now, written: goesOn })
              tell.reset()
            }}
          />
        )}
        {(['fi', 'sv'] as const).map((one) => (
          <TextArea
            key={one}
            id={`outcome.summary.${one}`}
            label={t(`file.summary_${one}`)}
            error={form.errorOf(`summary.${one}`)}
            lang={one}
            rows={3}
            maxLength={limitsPublicText[one].maxLength}
            value={summary[one]}
            onChange={({ target }) => {
              set({ summary: { ...summary, [one]: target.value } })
            }}
          />
        ))}
        <TextInput
          id="outcome.proposals"
          label={t('file.proposals')}
          error={form.errorOf('proposals')}
          helper={t('file.proposals_help')}
          autoComplete="off"
          value={numbers}
          onChange={({ target }) => {
            set({ proposals: target.value })
          }}
        />
      </Form>
    </section>
  )
}
