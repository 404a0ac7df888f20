import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useNavigate, useSearchParams } from '@/lib/router'
import { Button, Radio, ChoiceGroup, Select, TextInput } from '@/ui/hds'
import { Ask } from '@/ui/Ask'
import { ask, office, type Schemas } from '@/lib/api'
import { Form } from '@/ui/form/Form'
import { useForm } from '@/ui/form/useForm'
import { useUnread } from '@/ui/read/useUnread'
import { Page } from '@/ui/Page'
import { dayAfter, weekdayOf } from '@/lib/day'
import { presetsQuery, type SettingsShape } from '@/data/office'
import { roundsQuery, type Round } from '@/data/round'
import { readMoment } from '@/ui/read/MomentField'
import { useLocal } from '@/ui/text'
import { NameFields, trimmed, unnamed, type WrittenName } from './NameFields'
import { PotTable } from './PotTable'
import { forAnother, settled, slug, unreadable } from './settings'
import { SettingsEditor } from './SettingsEditor'
import { readTimes, TimesFields, type WrittenTimes, unreadTimes } from './TimesFields'
import { classes } from '@/lib/classes'
import styles from './office.module.css'

export function NewRound() {
  const { t } = useTranslation('office')
  const rounds = useQuery(roundsQuery)
  return (
    <Page title={t('create.title')} lead={t('create.lead')} above={[{ to: '/office', text: t('title') }]}>
      <Ask query={useQuery(presetsQuery)}>
        {(presets) => <Ask query={rounds}>{(rounds) => <NewRoundForm presets={presets} rounds={rounds} />}</Ask>}
      </Ask>
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

function NewRoundForm({ presets, rounds }: { presets: Schemas['Preset'][]; rounds: Round[] }) {
  const { t } = useTranslation('office')
  const local = useLocal()
  const [search] = useSearchParams()
  const cache = useQueryClient()
  const go = useNavigate()
  const [named, setNamed] = useState<WrittenName>({ name: { fi: '' }, rehearsal: false })
  const [address, setAddress] = useState<string>()
  const [from, setFrom] = useState(presets[0]?.name ?? '')
  // The round that the new one is a copy of, its checklist and templates also where the settings are changed by hand.
  const [copyOf, setCopyOf] = useState(() => rounds.find((one) => one.id === search.get('copy'))?.id)
  const [byHand, setByHand] = useState<SettingsShape>()
  const [times, setTimes] = useState(() => firstTimes(new Date()))
  const id = address ?? slug(named.name.fi)
  const copied = rounds.find((one) => one.id === copyOf)
  const start = copied ? forAnother(copied.settings) : presets.find((one) => one.name === from)?.settings
  const create = useMutation({
    mutationFn: (body: Schemas['NewRound']) => ask(office.POST('/api/v1/rounds', { body })),
    onSuccess: (round) => {
      void cache.invalidateQueries({ queryKey: keys.rounds })
      go(`/office/${round.id}`)
    },
  })
  const unread = useUnread([...(byHand ? unreadable(byHand) : []), ...unreadTimes(times)])
  const form = useForm({
    wrong: {
      ...unnamed(named, t('required')),
      id: id ? undefined : t('required'),
      ...unread,
    },
    cause: create.error,
    codes: { round_exists: 'id' },
  })
  const { errorOf } = form
  const submit = () => {
    const moments = readTimes(times)
    if (!moments) return // the form has said so
    const begin = copyOf === undefined ? { preset: presetName(from) } : { copy: copyOf }
    const settings = byHand ? { settings: settled(byHand), ...(copyOf !== undefined && { copy: copyOf }) } : begin
    create.mutate({
      id,
      name: trimmed(named.name),
      times: moments,
      rehearsal: named.rehearsal,
      ...settings,
    })
  }
  return (
    <Form
      form={form}
      busy={create.isPending}
      className={classes('stack-l', styles.form)}
      onSend={submit}
      actions={
        <Button type="submit" busy={create.isPending}>
          {t('create.button')}
        </Button>
      }
    >
      <section className="stack">
        <h2>{t('create.name')}</h2>
        <NameFields written={named} onChange={setNamed} errorOf={errorOf}>
          <TextInput
            id="id"
            label={t('create.address')}
            helper={t('create.address_help')}
            required
            maxLength={60}
            value={id}
            error={errorOf('id')}
            onChange={(event) => {
              setAddress(event.target.value)
            }}
          />
        </NameFields>
      </section>
      <section className="stack">
        <h2>{t('create.settings')}</h2>
        <ChoiceGroup legend={t('create.from')}>
          {presets.map((one) => (
            <Radio
              key={one.name}
              name="from"
              label={t(`create.preset.${presetName(one.name)}`)}
              checked={!byHand && copyOf === undefined && from === one.name}
              onChange={() => {
                setFrom(one.name)
                setCopyOf(undefined)
                setByHand(undefined)
              }}
            />
          ))}
          {rounds[0] && (
            <Radio
              name="from"
              label={t('create.copy')}
              checked={!byHand && copyOf !== undefined}
              onChange={() => {
                setCopyOf(copyOf ?? rounds[0]?.id)
                setByHand(undefined)
              }}
            />
          )}
          <Radio
            name="from"
            label={t('create.by_hand')}
            checked={byHand !== undefined}
            onChange={() => {
              if (start) setByHand(start)
            }}
          />
        </ChoiceGroup>
        {copyOf !== undefined && (
          <Select
            id="copy"
            label={t('create.copied')}
            helper={t('create.copied_help')}
            options={rounds.map((one) => ({ value: one.id, label: `${local(one.name)} (${one.id})` }))}
            value={copyOf}
            error={errorOf('copy')}
            onChange={(event) => {
              setCopyOf(event.target.value)
              if (byHand) setByHand(undefined)
            }}
          />
        )}
        {byHand ? (
          <SettingsEditor settings={byHand} onChange={setByHand} form={form} />
        ) : (
          start && <PotTable areas={start.areas} />
        )}
      </section>
      <section className="stack">
        <h2>{t('times.title')}</h2>
        <TimesFields times={times} onChange={setTimes} errorOf={errorOf} />
      </section>
    </Form>
  )
}

type PresetName = NonNullable<Schemas['NewRound']['preset']>
const presetName = (name: string) => name as PresetName // the city offers no others
