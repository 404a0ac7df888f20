import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { Button, ChoiceGroup, ErrorSummary, Radio, Spinner, TextArea, TextInput, type FieldError } from '@/ui/hds'
import { dayAfter, endOfDay } from '@/lib/day'
import { ask, office, type Schemas } from '@/lib/api'
import { readNumbers } from '@/lib/number'
import { limitsNewMerge } from '@/lib/limits.gen'
import { useLocal } from '@/ui/text'
import { Trouble } from '@/ui/problem/Trouble'
import { proposalQuery, type Proposal } from '@/data/proposal'
import { useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import '@/shared/merge/merge.css'
import { blank, bodyOf, missing, NewProposalFields, type NewProposalValues } from './NewProposalFields'
import { useStep } from '@/data/merge'

/** The facilitator writes what proposals become, with the originals beside it, and asks their authors. The address holds which ones. */
export function MergePage({ kind }: { kind: Schemas['MergeKind'] }) {
  return <AskPage query={useRound()}>{(round) => <Loaded kind={kind} round={round} />}</AskPage>
}

function Loaded({ kind, round }: { kind: Schemas['MergeKind']; round: Round }) {
  const { t } = useTranslation(['merge', 'desk'])
  const local = useLocal()
  const [params, setParams] = useSearchParams()
  const ids = readNumbers(params.get('of') ?? '') ?? []
  const queries = useQueries({ queries: ids.map((id) => proposalQuery(round.id, id)) })
  const failed = queries.find(({ error }) => error)?.error
  const found = queries.flatMap(({ data }) => data ?? [])
  const choose = (next: number[]) => {
    setParams({ of: [...new Set(next)].join(',') })
  }
  return (
    <Page
      title={t(`desk.${kind}`)}
      above={[
        { to: '/desk', text: t('desk:title') },
        { to: `/desk/${round.id}`, text: local(round.name) },
      ]}
    >
      {failed && <Trouble cause={failed} />}
      {found.length + Number(failed !== undefined) < ids.length ? (
        <Spinner />
      ) : (
        <div className="merge-form">
          <Form key={kind} kind={kind} round={round} proposals={found} />
          <section className="stack">
            <h2>{t('desk.originals')}</h2>
            {found.map((proposal) => (
              <Original
                key={proposal.id}
                proposal={proposal}
                onRemove={
                  kind === 'merge'
                    ? () => {
                        choose(ids.filter((id) => id !== proposal.id))
                      }
                    : undefined
                }
              />
            ))}
            {kind === 'merge' && (
              <Add
                onAdd={(added) => {
                  choose([...ids, ...added])
                }}
              />
            )}
          </section>
        </div>
      )}
    </Page>
  )
}

function Original({ proposal, onRemove }: { proposal: Proposal; onRemove?: () => void }) {
  const { t } = useTranslation('merge')
  const { text, author } = proposal
  return (
    <article className="merge-original">
      <h3 lang={text.language}>{text.title}</h3>
      {author && <p className="muted">{t('ties.by', { names: author })}</p>}
      <div lang={text.language}>
        {[text.what, text.why, text.place].map(
          (words, index) =>
            words && (
              <p key={index} className="lines" dir="auto">
                {words}
              </p>
            ),
        )}
      </div>
      {onRemove && (
        <Button small variant="supplementary" onClick={onRemove}>
          {t('desk.remove', { title: text.title })}
        </Button>
      )}
    </article>
  )
}

function Add({ onAdd }: { onAdd: (ids: number[]) => void }) {
  const { t } = useTranslation('merge')
  const [number, setNumber] = useState('')
  const [wrong, setWrong] = useState(false)
  return (
    <form
      noValidate
      className="merge-add"
      onSubmit={(event) => {
        event.preventDefault()
        const added = readNumbers(number) ?? []
        setWrong(added.length === 0)
        if (added.length > 0) {
          onAdd(added)
          setNumber('')
        }
      }}
    >
      <TextInput
        label={t('desk.add')}
        helper={t('desk.add_help')}
        error={wrong ? t('desk.add_wrong') : undefined}
        required
        inputMode="numeric"
        value={number}
        onChange={(event) => {
          setNumber(event.target.value)
        }}
      />
      <Button type="submit" variant="secondary">
        {t('desk.add_action')}
      </Button>
    </form>
  )
}

function Form({ kind, round, proposals }: { kind: Schemas['MergeKind']; round: Round; proposals: Proposal[] }) {
  const { t } = useTranslation('merge')
  const navigate = useNavigate()
  const first = proposals[0]
  const [into, setInto] = useState(0)
  const [parts, setParts] = useState<{ key: number; values: NewProposalValues }[]>(() =>
    (kind === 'merge' ? [blank(first, proposals)] : [blank(first), blank(first)]).map((values, key) => ({
      key,
      values,
    })),
  )
  const [message, setMessage] = useState('')
  const [day, setDay] = useState(dayAfter(round.now, 14))
  const [attempt, setAttempt] = useState(0)
  const made = kind === 'split' || into === 0
  const send = useStep(
    round.id,
    async () => {
      await ask(
        office.POST('/api/v1/rounds/{round}/merges', {
          params: { path: { round: round.id } },
          body: {
            kind,
            proposals: proposals.map(({ id }) => id),
            answer_by: endOfDay(day),
            ...(message.trim() && { message: message.trim() }),
            ...(made ? { parts: parts.map(({ values }) => bodyOf(values)) } : { into }),
          },
        }),
      )
      await navigate(`/desk/${round.id}/${String(first?.id ?? '')}`)
    },
    t('desk.sent'),
  )
  const errors: FieldError[] = []
  if (attempt > 0) {
    if (kind === 'merge' && proposals.length < 2) errors.push({ id: 'merge-into', message: t('desk.minimum') })
    if (made)
      parts.forEach(({ values }, index) => {
        for (const name of missing(values, round))
          errors.push({ id: `part-${String(index)}-${name}`, message: `${t(`desk.${name}`)}: ${t('desk.required')}` })
      })
    if (day < dayAfter(round.now, 1) || day > dayAfter(round.now, 59))
      errors.push({ id: 'merge-day', message: `${t('desk.day')}: ${t('desk.day_wrong')}` })
  }
  return (
    <form
      noValidate
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        setAttempt((n) => n + 1)
        const enough = kind === 'split' || proposals.length > 1
        if (
          enough &&
          (!made || parts.every(({ values }) => missing(values, round).length === 0)) &&
          day >= dayAfter(round.now, 1) &&
          day <= dayAfter(round.now, 59)
        )
          send.mutate(undefined)
      }}
    >
      <ErrorSummary errors={errors} attempt={attempt} />
      {kind === 'merge' && (
        <ChoiceGroup
          id="merge-into"
          legend={t('desk.into')}
          error={attempt > 0 && proposals.length < 2 ? t('desk.minimum') : undefined}
        >
          <Radio
            name="into"
            label={t('desk.into_new')}
            checked={into === 0}
            onChange={() => {
              setInto(0)
            }}
          />
          {proposals.map(({ id, text }) => (
            <Radio
              key={id}
              name="into"
              label={t('desk.into_proposal', { title: text.title })}
              checked={into === id}
              onChange={() => {
                setInto(id)
              }}
            />
          ))}
        </ChoiceGroup>
      )}
      {made &&
        parts.map(({ key, values }, index) => (
          <NewProposalFields
            key={key}
            index={index}
            legend={kind === 'merge' ? t('desk.new') : t('desk.part', { number: index + 1 })}
            round={round}
            values={values}
            tried={attempt > 0}
            onChange={(next) => {
              setParts((old) => old.map((one) => (one.key === key ? { key, values: next } : one)))
            }}
          >
            {parts.length > 2 && (
              <Button
                small
                variant="supplementary"
                onClick={() => {
                  setParts((old) => old.filter((one) => one.key !== key))
                }}
              >
                {t('desk.less', { number: index + 1 })}
              </Button>
            )}
          </NewProposalFields>
        ))}
      {kind === 'split' && parts.length < 10 && (
        <Button
          variant="secondary"
          onClick={() => {
            setParts((old) => [...old, { key: Math.max(...old.map(({ key }) => key)) + 1, values: blank(first) }])
          }}
        >
          {t('desk.more')}
        </Button>
      )}
      <TextArea
        label={t('desk.message')}
        helper={t('desk.message_help')}
        rows={4}
        maxLength={limitsNewMerge.message.maxLength}
        value={message}
        onChange={(event) => {
          setMessage(event.target.value)
        }}
      />
      <TextInput
        id="merge-day"
        label={t('desk.day')}
        required
        type="date"
        min={dayAfter(round.now, 1)}
        max={dayAfter(round.now, 59)}
        error={errors.find(({ id }) => id === 'merge-day') && t('desk.day_wrong')}
        value={day}
        onChange={(event) => {
          setDay(event.target.value)
        }}
      />
      <p>{t('desk.send_help')}</p>
      {send.error && <Trouble cause={send.error} />}
      <div className="actions">
        <Button type="submit" busy={send.isPending}>
          {t('desk.send')}
        </Button>
        <Button variant="secondary" onClick={() => void navigate(-1)}>
          {t('desk.cancel')}
        </Button>
      </div>
    </form>
  )
}
