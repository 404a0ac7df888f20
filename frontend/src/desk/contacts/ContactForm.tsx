import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, Select, TextInput } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { limitsNewContact } from '@/lib/limits.gen'
import { readWhole } from '@/lib/number'
import { ask, office, type Schemas } from '@/lib/api'
import { Form } from '@/ui/form/Form'
import { useForm } from '@/ui/form/useForm'
import { channels, contactLanguages, contactsQuery, fileQuery, topics } from '@/data/desk'

/** Notes an occasion of help: how, about what, in which language and how long. There is no field for who, and none for words. */
export function ContactForm({
  round,
  proposal,
  areas,
}: {
  round: string
  proposal?: number
  areas?: { value: string; label: string }[]
}) {
  const { t } = useTranslation('desk')
  const cache = useQueryClient()
  const [area, setArea] = useState(areas?.[0]?.value ?? '')
  const [channel, setChannel] = useState<Schemas['ContactChannel']>('phone')
  const [topic, setTopic] = useState<Schemas['ContactTopic']>('idea')
  const [language, setLanguage] = useState<Schemas['ContactLanguage']>('fi')
  const [minutes, setMinutes] = useState('')
  const count = readWhole(minutes) ?? 0
  const wrong = count < limitsNewContact.minutes.minimum || count > limitsNewContact.minutes.maximum
  const log = useMutation({
    mutationFn: () =>
      ask(
        office.POST('/api/v1/rounds/{round}/contacts', {
          params: { path: { round } },
          body: { ...(proposal ? { proposal } : { area }), channel, topic, language, minutes: count },
        }),
      ),
    onSuccess: async () => {
      setMinutes('')
      form.begin()
      announce(t('contacts.done'))
      await cache.invalidateQueries({
        queryKey: proposal ? fileQuery(round, proposal).queryKey : contactsQuery(round).queryKey,
      })
    },
  })
  const form = useForm({
    wrong: { minutes: wrong ? t('contacts.minutes_wrong') : undefined },
    cause: log.error,
    prefix: 'contact.',
  })
  const choices = <T extends string>(all: readonly T[], label: (one: T) => string) =>
    all.map((value) => ({ value, label: label(value) }))
  return (
    <Form
      form={form}
      busy={log.isPending}
      onSend={log.mutate}
      actions={
        <Button type="submit" variant="secondary" busy={log.isPending}>
          {t('contacts.action')}
        </Button>
      }
    >
      <p className="muted">{t('contacts.help')}</p>
      {areas && (
        <Select
          id="contact.area"
          label={t('queue.area')}
          error={form.errorOf('area')}
          value={area}
          onChange={(event) => {
            setArea(event.target.value)
          }}
          options={areas}
        />
      )}
      <Select
        id="contact.channel"
        label={t('contacts.channel')}
        error={form.errorOf('channel')}
        value={channel}
        onChange={(event) => {
          setChannel(event.target.value as typeof channel)
        }}
        options={choices(channels, (one) => t(`contacts.channels.${one}`))}
      />
      <Select
        id="contact.topic"
        label={t('contacts.topic')}
        error={form.errorOf('topic')}
        value={topic}
        onChange={(event) => {
          setTopic(event.target.value as typeof topic)
        }}
        options={choices(topics, (one) => t(`contacts.topics.${one}`))}
      />
      <Select
        id="contact.language"
        label={t('contacts.language')}
        error={form.errorOf('language')}
        value={language}
        onChange={(event) => {
          setLanguage(event.target.value as typeof language)
        }}
        options={choices(contactLanguages, (one) => t(`contacts.languages.${one}`))}
      />
      <TextInput
        id="contact.minutes"
        label={t('contacts.minutes')}
        required
        inputMode="numeric"
        autoComplete="off"
        error={form.errorOf('minutes')}
        value={minutes}
        onChange={(event) => {
          setMinutes(event.target.value)
        }}
      />
    </Form>
  )
}
