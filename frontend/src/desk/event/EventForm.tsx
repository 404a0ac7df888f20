import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { limitsEventText, limitsShortText } from '@/lib/limits.gen'
import { Button, Checkbox, ChoiceGroup, ErrorSummary, Select, TextArea, TextInput, type FieldError } from '@/ui/hds'
import { readWhole } from '@/lib/number'
import { readPoint, writePoint } from '@/lib/point'
import { MomentField, noMoment, readMoment, writeMoment, type Moment } from '@/ui/read/MomentField'
import { city } from '@/lib/city'
import { useLang } from '@/lib/format'
import { hasRole, useSession } from '@/lib/session'
import { useLocal } from '@/ui/text'
import type { Round } from '@/data/round'
import { EventTrouble } from './EventTrouble'
import { accesses, kinds, spokenLanguages, spokenText, type Event, type EventText } from '@/data/event'

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
  cause: Error | null
  onSave: (text: EventText) => void
}) {
  const { t } = useTranslation(['event', 'read'])
  const lang = useLang()
  const local = useLocal()
  const session = useSession()
  const anywhere = hasRole(session, 'official')
  const areas = round.settings.areas.filter(({ id }) => anywhere || session?.areas?.includes(id))
  const [fields, setFields] = useState(begun(event, anywhere ? undefined : areas[0]?.id))
  const [attempt, setAttempt] = useState(0)
  const set = (more: Partial<Fields>) => {
    setFields((old) => ({ ...old, ...more }))
  }
  const setTime = (index: number, more: Partial<Written>) => {
    set({ times: fields.times.map((one, i) => (i === index ? { ...one, ...more } : one)) })
  }
  const toggle = <T extends string>(all: T[], one: T) =>
    all.includes(one) ? all.filter((other) => other !== one) : [...all, one]

  const seats = readWhole(fields.seats)
  const wrong: FieldError[] = []
  if (seats === undefined || seats > limitsEventText.seats.maximum)
    wrong.push({ id: 'event-seats', message: `${t('edit.seats')}: ${t('edit.seats_wrong')}` })
  if (fields.point.trim() && !readPoint(fields.point))
    wrong.push({ id: 'event-point', message: `${t('edit.point')}: ${t('edit.point_wrong')}` })
  fields.times.forEach((time, index) => {
    for (const end of ['begins', 'ends'] as const) {
      const why = noMoment(time[end])
      if (why)
        wrong.push({
          id: `event-${end}-${String(index)}`,
          message: `${t('edit.time', { number: index + 1 })}, ${t(`edit.${end}`)}: ${t(`read:${why}`)}`,
        })
    }
  })
  const shown = attempt > 0 ? wrong : []
  const errorOf = (id: string) => {
    const message = shown.find((one) => one.id === id)?.message
    return message?.slice(message.indexOf(': ') + 2)
  }

  return (
    <form
      noValidate
      className="stack-l event-form"
      onSubmit={(sent) => {
        sent.preventDefault()
        setAttempt((n) => n + 1)
        if (wrong.length > 0 || seats === undefined) return
        const { point, times, ...text } = fields
        onSave({
          ...text,
          seats,
          point: readPoint(point),
          times: times.map(({ number, begins, ends }) => ({
            number,
            begins: begins.moment ?? '',
            ends: ends.moment ?? '',
          })),
        })
      }}
    >
      <ErrorSummary errors={shown} attempt={attempt} />
      <section className="stack">
        <h2>{t('edit.basics')}</h2>
        <Select
          label={t('edit.kind')}
          value={fields.kind}
          onChange={({ target }) => {
            set({ kind: kinds.find((one) => one === target.value) ?? 'other' })
          }}
          options={kinds.map((one) => ({ value: one, label: t(`kind.${one}`) }))}
        />
        <Select
          label={t('edit.area')}
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
            label={t(`edit.title.${one}`)}
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
            label={t(`edit.about.${one}`)}
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
          <fieldset key={index} className="event-time">
            <legend>{t('edit.time', { number: index + 1 })}</legend>
            {(['begins', 'ends'] as const).map((end) => (
              <MomentField
                key={end}
                id={`event-${end}-${String(index)}`}
                label={t(`edit.${end}`)}
                error={errorOf(`event-${end}-${String(index)}`)}
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
                }}
              >
                {t('edit.remove_time', { number: index + 1 })}
              </Button>
            </div>
          </fieldset>
        ))}
        <div className="actions">
          <Button
            variant="secondary"
            start="plus"
            onClick={() => {
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
          label={t('edit.place')}
          required
          maxLength={limitsEventText.place.maxLength}
          value={fields.place}
          onChange={({ target }) => {
            set({ place: target.value })
          }}
        />
        <TextInput
          label={t('edit.address')}
          required
          maxLength={limitsEventText.address.maxLength}
          value={fields.address}
          onChange={({ target }) => {
            set({ address: target.value })
          }}
        />
        <TextInput
          id="event-point"
          label={t('edit.point')}
          helper={t('edit.point_help')}
          autoComplete="off"
          error={errorOf('event-point')}
          value={fields.point}
          onChange={({ target }) => {
            set({ point: target.value })
          }}
        />
      </section>
      <section className="stack">
        <ChoiceGroup legend={t('edit.languages')}>
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
        <ChoiceGroup legend={t('edit.access')}>
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
            label={t(`edit.note.${one}`)}
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
          id="event-seats"
          label={t('edit.seats')}
          required
          helper={t('edit.seats_help')}
          inputMode="numeric"
          autoComplete="off"
          error={errorOf('event-seats')}
          value={fields.seats}
          onChange={({ target }) => {
            set({ seats: target.value })
          }}
        />
      </section>
      {cause && <EventTrouble cause={cause} />}
      {event?.state === 'published' && <p className="muted">{t('edit.assisted')}</p>}
      <div className="actions">
        <Button type="submit" busy={busy}>
          {t('edit.save')}
        </Button>
      </div>
    </form>
  )
}
