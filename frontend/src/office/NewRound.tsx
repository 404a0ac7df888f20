import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { Button, Checkbox, ErrorSummary, Radio, ChoiceGroup, TextInput } from '@/ui/hds'
import { Ask } from '@/ui/Ask'
import { ask, office, type Schemas } from '@/lib/api'
import { Trouble } from '@/ui/problem/Trouble'
import { Page } from '@/ui/Page'
import { dayAfter, weekdayOf } from '@/lib/day'
import { presetsQuery, type SettingsShape } from '@/data/office'
import { PotTable } from './PotTable'
import { settled, slug, unreadable } from './settings'
import { useUnread } from '@/ui/read/useUnread'
import { SettingsEditor } from './SettingsEditor'
import { readTimes, TimesFields, unreadTimes, type WrittenTimes } from './TimesFields'
import { readMoment } from '@/ui/read/MomentField'
import { useServerErrors } from '@/ui/form/useServerErrors'

export function NewRound() {
  const { t } = useTranslation('office')
  return (
    <Page title={t('create.title')} lead={t('create.lead')} above={[{ to: '/office', text: t('title') }]}>
      <Ask query={useQuery(presetsQuery)}>{(presets) => <NewRoundForm presets={presets} />}</Ask>
    </Page>
  )
}

/** Times to begin with: proposals from next Monday for a month, three months of vetting, two weeks of voting. */
function firstTimes(now: Date): WrittenTimes {
  const day = (days: number, time: string) => readMoment(`${dayAfter(now, days)}T${time}`)
  const monday = (8 - weekdayOf(now)) % 7 || 7
  return {
    proposing: { opens: day(monday, '08:00'), closes: day(monday + 32, '20:00') },
    vetting: { opens: day(monday, '08:00'), closes: day(monday + 120, '16:00') },
    voting: { opens: day(monday + 140, '08:00'), closes: day(monday + 154, '20:00') },
  }
}

function NewRoundForm({ presets }: { presets: Schemas['Preset'][] }) {
  const { t } = useTranslation('office')
  const cache = useQueryClient()
  const go = useNavigate()
  const [name, setName] = useState({ fi: '', sv: '', en: '' })
  const [address, setAddress] = useState<string>()
  const [from, setFrom] = useState(presets[0]?.name ?? '')
  const [byHand, setByHand] = useState<SettingsShape>()
  const [rehearsal, setRehearsal] = useState(false)
  const [times, setTimes] = useState(() => firstTimes(new Date()))
  const [attempt, setAttempt] = useState(0)
  const id = address ?? slug(name.fi)
  const preset = presets.find((one) => one.name === from)
  const create = useMutation({
    mutationFn: (body: Schemas['NewRound']) => ask(office.POST('/api/v1/rounds', { body })),
    onSuccess: (round) => {
      void cache.invalidateQueries({ queryKey: keys.rounds })
      void go(`/office/${round.id}`)
    },
    onError: () => {
      setAttempt((n) => n + 1)
    },
  })
  const unread = useUnread([...(byHand ? unreadable(byHand) : []), ...unreadTimes(times)])
  const { errorOf, errors } = useServerErrors(create.error, attempt > 0 ? unread : [])
  const missing = [
    ...(name.fi.trim() ? [] : [{ id: 'name.fi', message: `${t('settings.name_fi')}: ${t('required')}` }]),
    ...(id ? [] : [{ id: 'id', message: `${t('create.address')}: ${t('required')}` }]),
  ]
  const shown = attempt > 0 && !create.error ? missing : []
  const errorAt = (path: string) => errorOf(path) ?? (shown.some((one) => one.id === path) ? t('required') : undefined)
  const submit = () => {
    const moments = readTimes(times)
    if (missing.length > 0 || unread.length > 0 || !moments) {
      create.reset()
      setAttempt((n) => n + 1)
      return
    }
    const settings = byHand ? { settings: settled(byHand) } : { preset: presetName(from) }
    create.mutate({
      id,
      name: { fi: name.fi.trim(), sv: name.sv.trim() || undefined, en: name.en.trim() || undefined },
      times: moments,
      rehearsal,
      ...settings,
    })
  }
  return (
    <form
      className="stack-l office-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <ErrorSummary errors={[...errors, ...shown]} attempt={attempt} />
      {create.error && errors.length === 0 && <Trouble cause={create.error} />}
      <section className="stack">
        <h2>{t('create.name')}</h2>
        <TextInput
          id="name.fi"
          label={t('settings.name_fi')}
          required
          maxLength={200}
          value={name.fi}
          error={errorAt('name.fi')}
          onChange={(event) => {
            setName({ ...name, fi: event.target.value })
          }}
        />
        <TextInput
          label={t('settings.name_sv')}
          maxLength={200}
          value={name.sv}
          onChange={(event) => {
            setName({ ...name, sv: event.target.value })
          }}
        />
        <TextInput
          label={t('settings.name_en')}
          maxLength={200}
          value={name.en}
          onChange={(event) => {
            setName({ ...name, en: event.target.value })
          }}
        />
        <TextInput
          id="id"
          label={t('create.address')}
          helper={t('create.address_help')}
          required
          maxLength={60}
          value={id}
          error={errorAt('id')}
          onChange={(event) => {
            setAddress(event.target.value)
          }}
        />
        <Checkbox
          label={t('create.rehearsal')}
          checked={rehearsal}
          onChange={(event) => {
            setRehearsal(event.target.checked)
          }}
        />
      </section>
      <section className="stack">
        <h2>{t('create.settings')}</h2>
        <ChoiceGroup legend={t('create.from')}>
          {presets.map((one) => (
            <Radio
              key={one.name}
              name="from"
              label={t(`create.preset.${presetName(one.name)}`)}
              checked={!byHand && from === one.name}
              onChange={() => {
                setFrom(one.name)
                setByHand(undefined)
              }}
            />
          ))}
          <Radio
            name="from"
            label={t('create.by_hand')}
            checked={byHand !== undefined}
            onChange={() => {
              if (preset) setByHand(preset.settings)
            }}
          />
        </ChoiceGroup>
        {byHand ? (
          <SettingsEditor settings={byHand} onChange={setByHand} errorOf={errorOf} />
        ) : (
          preset && <PotTable areas={preset.settings.areas} />
        )}
      </section>
      <section className="stack">
        <h2>{t('times.title')}</h2>
        <TimesFields times={times} onChange={setTimes} errorOf={errorOf} />
      </section>
      <div className="actions">
        <Button type="submit" busy={create.isPending}>
          {t('create.button')}
        </Button>
      </div>
    </form>
  )
}

type PresetName = NonNullable<Schemas['NewRound']['preset']>
const presetName = (name: string) => name as PresetName // the city offers no others
