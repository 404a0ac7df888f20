import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { dayOf } from '@/lib/day'
import { limitsAssistedChange, limitsAssistedText } from '@/lib/limits.gen'
import { mailboxQuery } from '@/data/account'
import { Button, ChoiceGroup, Radio, Select, TextInput } from '@/ui/hds'
import { ask, office } from '@/lib/api'
import { useLang } from '@/lib/format'
import { Form } from '@/ui/form/Form'
import { useForm, type Wrong } from '@/ui/form/useForm'
import { useKept } from '@/ui/form/useKept'
import { empty, fieldsOf, textOf } from '@/shared/propose/draft'
import { IdeaStep } from '@/shared/propose/IdeaStep'
import { PlaceStep } from '@/shared/propose/PlaceStep'
import { emptyFields, type Writing } from '@/shared/propose/writing'
import { classes } from '@/lib/classes'
import styles from './assisted.module.css'
import { proposalQuery } from '@/data/proposal'
import type { Round } from '@/data/round'
import { Address } from './Address'
import { channels, manners, assistedQuery, type Proposal, type ClaimLetter, type AssistedText } from '@/data/assisted'

interface Props {
  /** With the areas that she may choose. */
  round: Round
  /** What is amended; none for a new one. */
  proposal?: Proposal
  onDone: (done: { proposal: Proposal; letter?: ClaimLetter }) => void
}

type Way = 'draft' | 'submit'

const today = () => dayOf(new Date())

/** What somebody assisted: the proposal in the resident's own form, how it came, and the consent. */
export function AssistedForm({ round, proposal, onDone }: Props) {
  const { t } = useTranslation(['assisted', 'problem', 'propose'])
  const lang = useLang()
  const cache = useQueryClient()
  const isPublic = proposal?.submitted_at !== undefined
  // That the fields began with: the proposal may be read anew beneath them.
  const [version, setVersion] = useState(proposal?.version ?? 0)
  const slot = `assisted.${round.id}.${proposal ? `${String(proposal.id)}.${String(version)}` : 'new'}`
  const [written, setWritten, done] = useKept(slot, {
    fields: proposal
      ? fieldsOf(proposal)
      : { ...empty, area: (round.settings.areas.length === 1 && round.settings.areas[0]?.id) || '' },
    language: proposal?.text.language ?? lang,
    channel: channels.find((one) => one === proposal?.channel) ?? ('phone' as const),
    how: proposal?.assisted?.consent?.how ?? ('' as const),
    day: proposal?.assisted?.consent?.given_on ?? today(),
    name: proposal?.author ?? '',
    address: '',
    reason: '',
  })
  const { fields, language, channel, how, day, name, address, reason } = written
  const set = (more: Partial<typeof written>) => {
    setWritten((old) => ({ ...old, ...more }))
  }
  const { data: mailbox } = useQuery(mailboxQuery)
  const [way, setWay] = useState<Way>('draft')

  const save = useMutation({
    mutationFn: async (submit: boolean) => {
      const assisted: AssistedText = {
        text: textOf(fields, language),
        channel,
        ...(how && { consent: { how, given_on: day } }),
        ...(name.trim() && { name: name.trim() }),
      }
      if (!proposal) {
        const letter = await ask(
          office.POST('/api/v1/rounds/{round}/assisted', {
            params: { path: { round: round.id } },
            body: { assisted, submit, ...(address.trim() && { address: address.trim() }) },
          }),
        )
        return { proposal: letter.proposal, letter }
      }
      const path = { round: round.id, proposal: proposal.id }
      const saved = await ask(
        office.PUT('/api/v1/rounds/{round}/proposals/{proposal}/assisted', {
          params: { path },
          body: { assisted, version, ...(reason.trim() && { reason: reason.trim() }) },
        }),
      )
      setVersion(saved.version) // the submission may be refused
      return {
        proposal: submit
          ? await ask(office.POST('/api/v1/rounds/{round}/proposals/{proposal}/submit', { params: { path } }))
          : saved,
      }
    },
    onSuccess: async (saved) => {
      done()
      await cache.invalidateQueries({ queryKey: assistedQuery(round.id).queryKey })
      await cache.invalidateQueries({ queryKey: proposalQuery(round.id, saved.proposal.id).queryKey })
      onDone(saved)
    },
  })

  const required = t('problem:field.required')
  const wrong = (way: Way): Wrong => {
    const missing = emptyFields(fields, required, round.settings.themes.length > 0, false)
    return {
      ...(way === 'submit' || isPublic ? missing : { title: missing.title, area: missing.area }),
      consent: way === 'submit' && !how ? t('consent.needed') : undefined,
      reason: isPublic && !reason.trim() ? required : undefined,
    }
  }
  const form = useForm({ wrong: wrong(way), cause: save.error })
  const writing: Writing = {
    fields,
    set: (change) => {
      setWritten((old) => ({ ...old, fields: { ...old.fields, ...change } }))
      form.fill(Object.keys(change))
    },
    errorOf: form.errorOf,
  }
  const busy = save.isPending
  const send = (way: Way) => {
    setWay(way)
    if (!busy && form.check(wrong(way))) save.mutate(way === 'submit')
  }
  return (
    <Form
      form={form}
      unchecked
      busy={busy}
      className={classes('stack-l', styles.form)}
      onSend={() => {
        send(isPublic ? 'draft' : 'submit')
      }}
      actions={
        <>
          <Button type="submit" busy={busy}>
            {t(isPublic ? 'form.save' : 'form.submit')}
          </Button>
          {!isPublic && (
            <Button
              variant="secondary"
              busy={busy}
              onClick={() => {
                send('draft')
              }}
            >
              {t('form.draft')}
            </Button>
          )}
        </>
      }
    >
      <section className="stack">
        <h2>{t('form.assisted')}</h2>
        {!proposal && (
          <Select
            id="channel"
            label={t('channel.label')}
            error={form.errorOf('channel')}
            value={channel}
            onChange={(event) => {
              set({ channel: event.target.value as typeof channel })
            }}
            options={channels.map((value) => ({ value, label: t(`channel.${value}`) }))}
          />
        )}
        <Select
          id="language"
          label={t('language.label')}
          error={form.errorOf('language')}
          helper={t('language.help')}
          value={language}
          onChange={(event) => {
            set({ language: event.target.value as typeof language })
          }}
          options={(['fi', 'sv', 'en'] as const).map((value) => ({ value, label: t(`language.${value}`) }))}
        />
        <IdeaStep form={writing} round={round.id} proposal={proposal?.id} />
        <PlaceStep form={writing} round={round} />
      </section>
      <section className="stack">
        <h2>{t('form.author')}</h2>
        <ChoiceGroup
          id="consent"
          legend={t('consent.legend')}
          helper={t('consent.help')}
          error={form.errorOf('consent')}
        >
          {manners.map((value) => (
            <Radio
              key={value}
              name="consent"
              label={t(`consent.${value}`)}
              checked={how === value}
              onChange={() => {
                set({ how: value })
              }}
            />
          ))}
          {!isPublic && (
            <Radio
              name="consent"
              label={t('consent.none')}
              checked={how === ''}
              onChange={() => {
                set({ how: '' })
              }}
            />
          )}
        </ChoiceGroup>
        {how && (
          <TextInput
            id="given_on"
            type="date"
            required
            max={today()}
            label={t('consent.day')}
            error={form.errorOf('given_on')}
            value={day}
            onChange={(event) => {
              set({ day: event.target.value })
            }}
          />
        )}
        <TextInput
          id="name"
          maxLength={limitsAssistedText.name.maxLength}
          autoComplete="off"
          label={t('name.label')}
          error={form.errorOf('name')}
          helper={t('name.help')}
          value={name}
          onChange={(event) => {
            set({ name: event.target.value })
          }}
        />
        {!proposal && mailbox?.sends && (
          <Address
            value={address}
            error={form.errorOf('address')}
            onChange={(address) => {
              set({ address })
            }}
          />
        )}
        {isPublic && (
          <TextInput
            id="reason"
            required
            maxLength={limitsAssistedChange.reason.maxLength}
            label={t('reason.label')}
            helper={t('reason.help')}
            error={form.errorOf('reason')}
            value={reason}
            onChange={(event) => {
              set({ reason: event.target.value })
            }}
          />
        )}
      </section>
    </Form>
  )
}
