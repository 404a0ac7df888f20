import { useTranslation } from '@/lib/i18n'
import { limitsEventText, limitsShortText } from '@/lib/limits.gen'
import { Button, Checkbox, ChoiceGroup, Select, TextArea, TextInput } from '@/ui/hds'
import { readWhole } from '@/lib/number'
import { inCity, readPoint, writePoint } from '@/lib/point'
import { MomentField, noMoment, readMoment, writeMoment, type Moment } from '@/ui/read/MomentField'
import { city } from '@/lib/city'
import { useLang } from '@/lib/format'
import { hasRole, useSession } from '@/lib/session'
import { Form } from '@/ui/form/Form'
import { Newer } from '@/ui/form/Newer'
import { isSame } from '@/ui/form/newer'
import { useForm, type Wrong } from '@/ui/form/useForm'
import { useKept } from '@/ui/form/useKept'
import { useLocal } from '@/ui/text'
import type { Round } from '@/data/round'
import { accesses, kinds, spokenLanguages, spokenText, type Event, type EventText } from '@/data/event'
import { classes } from '@/lib/classes'
import { EventPoint } from './EventPoint'
import styles from './editor.module.css'

/** A time as it is being written, by the city's clock. */
interface Written {
  number?: number
  begins: Moment
  ends: Moment
}

const noTime = (): Written => ({ begins: readMoment(''), ends: readMoment('') })

type Fields = Omit<EventText, 'times' | 'point' | 'seats'> & { times: Written[]; point: string; seats: string }

const begun = (event: Event | undefined, area: string | undefined): Fields => {
  if (!event)
    return {
      kind: 'workshop',
      area,
      title: {},
      about: {},
      place: '',
      address: '',
      point: '',
      times: [noTime()],
      languages: ['fi'],
      access: [],
      access_note: {},
      seats: '0',
    }
  const { text } = event
  return {
    ...text,
    point: text.point ? writePoint(text.point) : '',
    times: text.times.map(({ number, begins, ends }) => ({
      number,
      begins: writeMoment(begins),
      ends: writeMoment(ends),
    })),
    seats: String(text.seats),
  }
}

/** The announcement. What is missing for a publication is told when one publishes. */
export function EventForm({
  round,
  event,
  busy,
  cause,
  onSave,
}: {
  round: Round
  event?: Event
  busy: boolean
  /** Why it was not saved, or not published. */
  cause: unknown
  /** Calls done with what the server then has. */
  onSave: (text: EventText, done: (after: Event) => void) => void
}) {
  const { t } = useTranslation(['event', 'read'])
  const lang = useLang()
  const local = useLocal()
  const session = useSession()
  const anywhere = hasRole(session, 'official')
  const areas = round.settings.areas.filter(({ id }) => anywhere || session?.areas?.includes(id))
  // With what it began with: the event may be read anew beneath it, and what is kept may be older than the event.
  const now = begun(event, anywhere ? undefined : areas[0]?.id)
  const [{ base, fields }, setWritten, done] = useKept(`event.${round.id}.${String(event?.id ?? 'new')}`, {
    base: now,
    fields: now,
  })
  const newer = event !== undefined && !busy && !isSame(base, now)
  const set = (more: Partial<Fields>) => {
    setWritten((old) => ({ ...old, fields: { ...old.fields, ...more } }))
  }
  const setTime = (index: number, more: Partial<Written>) => {
    set({ times: fields.times.map((one, i) => (i === index ? { ...one, ...more } : one)) })
  }
  const toggle = <T extends string>(all: T[], one: T) =>
    all.includes(one) ? all.filter((other) => other !== one) : [...all, one]

  const seats = readWhole(fields.seats)
  const wrong: Wrong = {}
  fields.times.forEach((time, index) => {
    for (const end of ['begins', 'ends'] as const) {
      const why = noMoment(time[end])
      if (why) wrong[`times[${String(index)}].${end}`] = t(`read:${why}`)
    }
  })
  const point = readPoint(fields.point)
  if (fields.point.trim() && !point) wrong.point = t('edit.point_wrong')
  if (point && !inCity(point)) wrong.point = t('problem:field.outside_city')
  if (seats === undefined || seats > limitsEventText.seats.maximum) wrong.seats = t('edit.seats_wrong')
  const form = useForm({ wrong, cause: newer ? undefined : cause, prefix: 'event.' })
  const { errorOf } = form

  return (
    <Form
      form={form}
      className={classes('stack-l', styles.form)}
      busy={busy}
      onSend={() => {
        if (seats === undefined) return // the form has said so
        const { point, times, ...text } = fields
        const announced = {
          ...text,
          seats,
          point: readPoint(point),
          times: times.map(({ number, begins, ends }) => ({
            number,
            begins: begins.moment ?? '',
            ends: ends.moment ?? '',
          })),
        }
        onSave(announced, (after) => {
          const saved = begun(after, undefined)
          setWritten({ base: saved, fields: saved })
          done()
        })
      }}
      actions={
        <Button type="submit" busy={busy} disabled={newer}>
          {t('edit.save')}
        </Button>
      }
    >
      {newer && (
        <Newer
          base={base}
          mine={fields}
          theirs={now}
          prefix="event."
          onChoose={(goesOn) => {
            setWritten({ base: now, fields: goesOn })
          }}
        />
      )}
      <section className="stack">
        <h2>{t('edit.basics')}</h2>
        <Select
          id="event.kind"
          label={t('edit.kind')}
          error={errorOf('kind')}
          value={fields.kind}
          onChange={({ target }) => {
            set({ kind: kinds.find((one) => one === target.value) ?? 'other' })
          }}
          options={kinds.map((one) => ({ value: one, label: t(`kind.${one}`) }))}
        />
        <Select
          id="event.area"
          label={t('edit.area')}
          error={errorOf('area')}
          value={fields.area ?? ''}
          onChange={({ target }) => {
            set({ area: target.value || undefined })
          }}
          options={[
            ...(anywhere ? [{ value: '', label: t('whole_city') }] : []),
            ...areas.map(({ id, name }) => ({ value: id, label: local(name) })),
          ]}
        />
        {city().languages.map((one) => (
          <TextInput
            key={one}
            id={`event.title.${one}`}
            label={t(`edit.title.${one}`)}
            error={errorOf(`title.${one}`)}
            lang={one}
            required={one !== 'en'}
            maxLength={100}
            value={fields.title[one] ?? ''}
            onChange={({ target }) => {
              set({ title: { ...fields.title, [one]: target.value } })
            }}
          />
        ))}
        {city().languages.map((one) => (
          <TextArea
            key={one}
            id={`event.about.${one}`}
            label={t(`edit.about.${one}`)}
            error={errorOf(`about.${one}`)}
            lang={one}
            required={one !== 'en'}
            rows={4}
            maxLength={limitsShortText[one].maxLength}
            value={fields.about[one] ?? ''}
            onChange={({ target }) => {
              set({ about: { ...fields.about, [one]: target.value } })
            }}
          />
        ))}
      </section>
      <section className="stack">
        <h2>{t('edit.times')}</h2>
        <p className="muted">{t('edit.zone', { city: local(city().name) })}</p>
        {fields.times.map((time, index) => (
          <fieldset key={index} id={`event.times[${String(index)}]`} tabIndex={-1} className={styles.time}>
            <legend>{t('edit.time', { number: index + 1 })}</legend>
            {(['begins', 'ends'] as const).map((end) => (
              <MomentField
                key={end}
                id={`event.times[${String(index)}].${end}`}
                label={t(`edit.${end}`)}
                error={errorOf(`times[${String(index)}].${end}`)}
                value={time[end]}
                onChange={(moment) => {
                  setTime(index, { [end]: moment })
                }}
              />
            ))}
            <div className="actions">
              <Button
                small
                variant="secondary"
                onClick={() => {
                  set({ times: fields.times.filter((_, i) => i !== index) })
                  form.shift('times')
                }}
              >
                {t('edit.remove_time', { number: index + 1 })}
              </Button>
            </div>
          </fieldset>
        ))}
        <div className="actions">
          <Button
            id="event.times"
            variant="secondary"
            start="plus"
            onClick={() => {
              form.shift('times')
              set({ times: [...fields.times, noTime()] })
            }}
          >
            {t('edit.add_time')}
          </Button>
        </div>
      </section>
      <section className="stack">
        <h2>{t('edit.place_heading')}</h2>
        <TextInput
          id="event.place"
          label={t('edit.place')}
          error={errorOf('place')}
          required
          maxLength={limitsEventText.place.maxLength}
          value={fields.place}
          onChange={({ target }) => {
            set({ place: target.value })
          }}
        />
        <TextInput
          id="event.address"
          label={t('edit.address')}
          error={errorOf('address')}
          required
          maxLength={limitsEventText.address.maxLength}
          value={fields.address}
          onChange={({ target }) => {
            set({ address: target.value })
          }}
        />
        <TextInput
          id="event.point"
          label={t('edit.point')}
          helper={t('edit.point_help')}
          autoComplete="off"
          error={errorOf('point')}
          value={fields.point}
          onChange={({ target }) => {
            set({ point: target.value })
          }}
        />
        <EventPoint
          point={fields.point}
          onPick={(point) => {
            set({ point })
          }}
        />
      </section>
      <section className="stack">
        <ChoiceGroup id="event.languages" legend={t('edit.languages')} error={errorOf('languages')}>
          {spokenLanguages.map((one) => (
            <Checkbox
              key={one}
              label={spokenText(lang, one)}
              checked={fields.languages.includes(one)}
              onChange={() => {
                set({ languages: toggle(fields.languages, one) })
              }}
            />
          ))}
        </ChoiceGroup>
        <ChoiceGroup id="event.access" legend={t('edit.access')} error={errorOf('access')}>
          {accesses.map((one) => (
            <Checkbox
              key={one}
              label={t(`access.${one}`)}
              checked={fields.access.includes(one)}
              onChange={() => {
                set({ access: toggle(fields.access, one) })
              }}
            />
          ))}
        </ChoiceGroup>
        {city().languages.map((one) => (
          <TextInput
            key={one}
            id={`event.access_note.${one}`}
            label={t(`edit.note.${one}`)}
            error={errorOf(`access_note.${one}`)}
            lang={one}
            maxLength={1000}
            value={fields.access_note[one] ?? ''}
            onChange={({ target }) => {
              set({ access_note: { ...fields.access_note, [one]: target.value } })
            }}
          />
        ))}
        <p className="muted">{t('access.needs')}</p>
        <TextInput
          id="event.seats"
          label={t('edit.seats')}
          required
          helper={t('edit.seats_help')}
          inputMode="numeric"
          autoComplete="off"
          error={errorOf('seats')}
          value={fields.seats}
          onChange={({ target }) => {
            set({ seats: target.value })
          }}
        />
      </section>
      {event?.state === 'published' && <p className="muted">{t('edit.told')}</p>}
    </Form>
  )
}
