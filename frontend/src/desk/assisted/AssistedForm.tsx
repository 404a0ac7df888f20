import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { dayOf } from '@/lib/day'
import { limitsAssistedChange, limitsAssistedText } from '@/lib/limits.gen'
import { mailboxQuery } from '@/data/account'
import { Button, ChoiceGroup, ErrorSummary, Radio, Select, TextInput, type FieldError } from '@/ui/hds'
import { ask, office, type Schemas } from '@/lib/api'
import { useLang } from '@/lib/format'
import { Problem } from '@/lib/problem'
import { Trouble } from '@/ui/problem/Trouble'
import { useProblemText } from '@/ui/problem/useProblemText'
import { empty, fieldsOf, textOf, type Fields } from '@/shared/propose/draft'
import { IdeaStep } from '@/shared/propose/IdeaStep'
import { PlaceStep } from '@/shared/propose/PlaceStep'
import '@/shared/propose/propose.css'
import { proposalQuery } from '@/data/proposal'
import type { Round } from '@/data/round'
import { Address } from './Address'
import {
  channels,
  manners,
  assistedQuery,
  type Consent,
  type Proposal,
  type ClaimLetter,
  type AssistedText,
} from '@/data/assisted'

interface Props {
  /** With the areas that she may choose. */
  round: Round
  /** What is amended; none for a new one. */
  proposal?: Proposal
  onDone: (done: { proposal: Proposal; letter?: ClaimLetter }) => void
}

const today = () => dayOf(new Date())

/** What somebody assisted: the proposal in the resident's own form, how it came, and the consent. */
export function AssistedForm({ round, proposal, onDone }: Props) {
  const { t } = useTranslation(['assisted', 'problem', 'propose'])
  const lang = useLang()
  const cache = useQueryClient()
  const { field: wordsOf } = useProblemText()
  const isPublic = proposal?.submitted_at !== undefined
  const form = useForm<Fields>({
    defaultValues: proposal
      ? fieldsOf(proposal)
      : { ...empty, area: round.settings.areas.length === 1 ? round.settings.areas[0]?.id : '' },
  })
  const [language, setLanguage] = useState<Schemas['Language']>(proposal?.text.language ?? lang)
  const [channel, setChannel] = useState<AssistedText['channel']>(
    proposal && proposal.channel !== 'online' ? proposal.channel : 'phone',
  )
  const [how, setHow] = useState<Consent['how'] | ''>(proposal?.assisted?.consent?.how ?? '')
  const [day, setDay] = useState(proposal?.assisted?.consent?.given_on ?? today())
  const [name, setName] = useState(proposal?.author ?? '')
  const [address, setAddress] = useState('')
  const { data: mailbox } = useQuery(mailboxQuery)
  const [reason, setReason] = useState('')
  const [attempt, setAttempt] = useState(0)
  const [tried, setTried] = useState<'draft' | 'submit'>()

  const save = useMutation({
    mutationFn: async (submit: boolean) => {
      const assisted: AssistedText = {
        text: textOf(form.getValues(), language),
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
          body: { assisted, version: proposal.version, ...(reason.trim() && { reason: reason.trim() }) },
        }),
      )
      return {
        proposal: submit
          ? await ask(office.POST('/api/v1/rounds/{round}/proposals/{proposal}/submit', { params: { path } }))
          : saved,
      }
    },
    onSuccess: async (done) => {
      await cache.invalidateQueries({ queryKey: assistedQuery(round.id).queryKey })
      await cache.invalidateQueries({ queryKey: proposalQuery(round.id, done.proposal.id).queryKey })
      onDone(done)
    },
    onError: () => {
      setAttempt((n) => n + 1)
    },
  })

  const required = t('problem:field.required')
  const noConsent = tried === 'submit' && !how ? t('consent.needed') : undefined
  const noReason = tried && isPublic && !reason.trim() ? required : undefined
  const labels: Record<string, string> = {
    title: t('propose:fields.title'),
    what: t('propose:fields.what'),
    why: t('propose:fields.why'),
    area: t('propose:fields.area'),
    place: t('propose:fields.place'),
    theme: t('propose:fields.theme'),
    consent: t('consent.legend'),
    given_on: t('consent.day'),
    name: t('name.label'),
    address: t('address.label'),
    reason: t('reason.label'),
  }
  const wrong = (id: string, message: string | undefined): FieldError[] =>
    message ? [{ id, message: `${labels[id] ?? id}: ${message}` }] : []
  const fromServer =
    save.error instanceof Problem
      ? save.error.fields.flatMap((one) => wrong(one.field.replace('text.', ''), wordsOf(one)))
      : []
  const errors = [
    ...(Object.keys(empty) as (keyof Fields)[]).flatMap((key) => wrong(key, form.formState.errors[key]?.message)),
    ...wrong('consent', noConsent),
    ...wrong('reason', noReason),
    ...fromServer,
  ]

  const send = async (kind: 'draft' | 'submit') => {
    setTried(kind)
    save.reset()
    const good = await form.trigger(kind === 'submit' || isPublic ? undefined : ['title', 'area'])
    if (good && !(kind === 'submit' && !how) && !(isPublic && !reason.trim())) save.mutate(kind === 'submit')
    else setAttempt((n) => n + 1)
  }
  const busy = save.isPending
  return (
    <form
      noValidate
      className="stack-l assisted-form"
      onSubmit={(event) => {
        event.preventDefault()
        void send(isPublic ? 'draft' : 'submit')
      }}
    >
      <ErrorSummary errors={errors} attempt={attempt} />
      {save.error && fromServer.length === 0 && <Trouble cause={save.error} />}
      <section className="stack">
        <h2>{t('form.assisted')}</h2>
        {!proposal && (
          <Select
            id="channel"
            label={t('channel.label')}
            value={channel}
            onChange={(event) => {
              setChannel(event.target.value as typeof channel)
            }}
            options={channels.map((value) => ({ value, label: t(`channel.${value}`) }))}
          />
        )}
        <Select
          id="language"
          label={t('language.label')}
          helper={t('language.help')}
          value={language}
          onChange={(event) => {
            setLanguage(event.target.value as typeof language)
          }}
          options={(['fi', 'sv', 'en'] as const).map((value) => ({ value, label: t(`language.${value}`) }))}
        />
        <IdeaStep form={form} round={round.id} proposal={proposal?.id} />
        <PlaceStep form={form} round={round} />
      </section>
      <section className="stack">
        <h2>{t('form.author')}</h2>
        <ChoiceGroup id="consent" legend={t('consent.legend')} helper={t('consent.help')} error={noConsent}>
          {manners.map((value) => (
            <Radio
              key={value}
              name="consent"
              label={t(`consent.${value}`)}
              checked={how === value}
              onChange={() => {
                setHow(value)
              }}
            />
          ))}
          {!isPublic && (
            <Radio
              name="consent"
              label={t('consent.none')}
              checked={how === ''}
              onChange={() => {
                setHow('')
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
            value={day}
            onChange={(event) => {
              setDay(event.target.value)
            }}
          />
        )}
        <TextInput
          id="name"
          maxLength={limitsAssistedText.name.maxLength}
          autoComplete="off"
          label={t('name.label')}
          helper={t('name.help')}
          value={name}
          onChange={(event) => {
            setName(event.target.value)
          }}
        />
        {!proposal && mailbox?.sends && <Address value={address} onChange={setAddress} />}
        {isPublic && (
          <TextInput
            id="reason"
            required
            maxLength={limitsAssistedChange.reason.maxLength}
            label={t('reason.label')}
            helper={t('reason.help')}
            error={noReason}
            value={reason}
            onChange={(event) => {
              setReason(event.target.value)
            }}
          />
        )}
      </section>
      <div className="actions">
        <Button type="submit" busy={busy}>
          {t(isPublic ? 'form.save' : 'form.submit')}
        </Button>
        {!isPublic && (
          <Button
            variant="secondary"
            busy={busy}
            onClick={() => {
              void send('draft')
            }}
          >
            {t('form.draft')}
          </Button>
        )}
      </div>
    </form>
  )
}
