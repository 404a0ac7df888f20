import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useNavigate, useSearchParams } from '@/lib/router'
import { Button, ChoiceGroup, Radio, Spinner, TextArea, TextInput } from '@/ui/hds'
import { dayAfter, endOfDay } from '@/lib/day'
import { ask, office, type Schemas } from '@/lib/api'
import { readNumbers } from '@/lib/number'
import { limitsNewMerge } from '@/lib/limits.gen'
import { Form } from '@/ui/form/Form'
import { useForm, type Wrong } from '@/ui/form/useForm'
import { useKept } from '@/ui/form/useKept'
import { useLocal } from '@/ui/text'
import { Trouble } from '@/ui/problem/Trouble'
import { proposalQuery, type Proposal } from '@/data/proposal'
import { useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import styles from '@/shared/merge/merge.module.css'
import { blank, bodyOf, missing, NewProposalFields, pathOf, type NewProposalValues } from './NewProposalFields'
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
        <div className={styles.form}>
          <MergeForm key={kind} kind={kind} round={round} proposals={found} />
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
    <article className={styles.original}>
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
  const added = readNumbers(number) ?? []
  const form = useForm({
    wrong: { number: added.length > 0 ? undefined : t('desk.add_wrong') },
    prefix: 'merge-add.',
  })
  return (
    <Form
      form={form}
      brief
      className={styles.add}
      onSend={() => {
        onAdd(added)
        setNumber('')
        form.begin()
      }}
    >
      <TextInput
        id="merge-add.number"
        label={t('desk.add')}
        helper={t('desk.add_help')}
        error={form.errorOf('number')}
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
    </Form>
  )
}

/** What of the originals goes along, and what stays behind on their pages, before anybody is asked. */
function GoesAlong({ proposals, into }: { proposals: Proposal[]; into: number }) {
  const { t } = useTranslation('merge')
  const lines = proposals
    .filter(({ id }) => id !== into)
    .flatMap(({ images, text }) => [
      ...(images.length > 0 ? [t('desk.along.images', { title: text.title, count: images.length })] : []),
      ...(text.point ? [t('desk.along.point', { title: text.title })] : []),
    ])
  return (
    <section className="stack-s" aria-labelledby="merge-along">
      <h2 id="merge-along">{t('desk.along.heading')}</h2>
      <p>{t(into === 0 ? 'desk.along.goes_new' : 'desk.along.goes_into')}</p>
      <p>{t(lines.length > 0 ? 'desk.along.stays' : 'desk.along.nothing')}</p>
      {lines.length > 0 && (
        <ul>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </section>
  )
}

interface Written {
  /** The proposal that the others are joined to; 0 for a new one. */
  into: number
  parts: { key: number; values: NewProposalValues }[]
  message: string
  day: string
}

function MergeForm({ kind, round, proposals }: { kind: Schemas['MergeKind']; round: Round; proposals: Proposal[] }) {
  const { t } = useTranslation('merge')
  const navigate = useNavigate()
  const first = proposals[0]
  const [{ into, parts, message, day }, setWritten, done] = useKept(
    `merge.${round.id}.${kind}.${proposals.map(({ id }) => id).join('.')}`,
    {
      into: 0,
      parts: (kind === 'merge' ? [blank(first, proposals)] : [blank(first), blank(first)]).map((values, key) => ({
        key,
        values,
      })),
      message: '',
      day: dayAfter(round.now, 14),
    },
  )
  const set = (more: Partial<Written>) => {
    setWritten((old) => ({ ...old, ...more }))
  }
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
      done()
      navigate(`/desk/${round.id}/${String(first?.id ?? '')}`)
    },
    t('desk.sent'),
  )
  const wrong: Wrong = {}
  if (kind === 'merge' && proposals.length < 2) wrong.proposals = t('desk.minimum')
  if (made)
    parts.forEach(({ values }, index) => {
      for (const name of missing(values, round)) wrong[`parts[${String(index)}].${pathOf[name]}`] = t('desk.required')
    })
  if (day < dayAfter(round.now, 1) || day > dayAfter(round.now, 59)) wrong.answer_by = t('desk.day_wrong')
  const form = useForm({ wrong, cause: send.error, prefix: 'merge.' })
  return (
    <Form
      form={form}
      busy={send.isPending}
      onSend={() => {
        send.mutate(undefined)
      }}
      actions={
        <>
          <Button type="submit" busy={send.isPending}>
            {t('desk.send')}
          </Button>
          <Button variant="secondary" onClick={() => navigate(-1)}>
            {t('desk.cancel')}
          </Button>
        </>
      }
    >
      {kind === 'merge' && (
        <ChoiceGroup id="merge.proposals" legend={t('desk.into')} error={form.errorOf('proposals')}>
          <Radio
            name="into"
            label={t('desk.into_new')}
            checked={into === 0}
            onChange={() => {
              set({ into: 0 })
            }}
          />
          {proposals.map(({ id, text }) => (
            <Radio
              key={id}
              name="into"
              label={t('desk.into_proposal', { title: text.title })}
              checked={into === id}
              onChange={() => {
                set({ into: id })
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
            prefix="merge."
            errorOf={form.errorOf}
            onChange={(next) => {
              set({ parts: parts.map((one) => (one.key === key ? { key, values: next } : one)) })
            }}
          >
            {parts.length > 2 && (
              <Button
                small
                variant="supplementary"
                onClick={() => {
                  set({ parts: parts.filter((one) => one.key !== key) })
                  form.shift('parts')
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
            set({ parts: [...parts, { key: Math.max(...parts.map(({ key }) => key)) + 1, values: blank(first) }] })
          }}
        >
          {t('desk.more')}
        </Button>
      )}
      <GoesAlong proposals={proposals} into={made ? 0 : into} />
      <TextArea
        id="merge.message"
        label={t('desk.message')}
        error={form.errorOf('message')}
        helper={t('desk.message_help')}
        rows={4}
        maxLength={limitsNewMerge.message.maxLength}
        value={message}
        onChange={(event) => {
          set({ message: event.target.value })
        }}
      />
      <TextInput
        id="merge.answer_by"
        label={t('desk.day')}
        required
        type="date"
        min={dayAfter(round.now, 1)}
        max={dayAfter(round.now, 59)}
        error={form.errorOf('answer_by')}
        value={day}
        onChange={(event) => {
          set({ day: event.target.value })
        }}
      />
      <p>{t('desk.send_help')}</p>
    </Form>
  )
}
