import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@/lib/router'
import { useTranslation } from '@/lib/i18n'
import { batchesQuery, batchName, uncountedYet, type Batch } from '@/data/paper'
import { placesQuery, type Place } from '@/data/polling'
import { stageOf, useRound, type Round } from '@/data/round'
import { announce } from '@/lib/announce'
import { ask, office, type Schemas } from '@/lib/api'
import { useFormat, useLang } from '@/lib/format'
import { limitsBatchDeclaration, limitsBatchLeftOut, limitsBatchReopening } from '@/lib/limits.gen'
import { readWhole } from '@/lib/number'
import { hasRole, useSession } from '@/lib/session'
import { AskPage } from '@/ui/AskPage'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { AnchorButton, Button, Card, LinkButton, Notification, Select, StatusLabel, TextInput } from '@/ui/hds'
import { Page } from '@/ui/Page'
import { useLocal } from '@/ui/text'
import { Seal } from './Seal'
import styles from './polling.module.css'

/** Stacks of ballot papers: declared by the places, keyed in by two people, and counted or left out by officials. */
export function Batches() {
  return <AskPage query={useRound()}>{(round) => <OfRound round={round} />}</AskPage>
}

function OfRound({ round }: { round: Round }) {
  const { t } = useTranslation('polling')
  const local = useLocal()
  const lang = useLang()
  const { number } = useFormat()
  const session = useSession()
  const official = hasRole(session, 'official')
  const places = useQuery(placesQuery(round.id))
  const works = (places.data ?? []).filter(({ mine }) => mine || official)
  return (
    <AskPage query={useQuery(batchesQuery(round.id))}>
      {(batches) => {
        const left = uncountedYet(batches)
        return (
          <Page
            title={t('batches.title')}
            above={[
              { to: '/polling', text: t('title') },
              { to: `/polling/${round.id}`, text: local(round.name) },
            ]}
            lead={t('batches.lead')}
          >
            <div className="stack-l">
              <div className="actions">
                <AnchorButton href={`/${lang}/rounds/${round.id}/vote/sheets`} variant="secondary">
                  {t('batches.print')}
                </AnchorButton>
                {official && stageOf(round).acts.includes('results') && (
                  <LinkButton to={`/polling/${round.id}/comparison`} variant="secondary">
                    {t('comparison.link')}
                  </LinkButton>
                )}
              </div>
              <Notification label={t('batches.not_counted')}>
                {t('batches.left', { count: left, n: number(left) })}
              </Notification>
              <ul className={`plain ${styles.list ?? ''}`}>
                {batches.map((batch) => (
                  <BatchCard key={batch.batch} round={round} batch={batch} official={official} />
                ))}
                {batches.length === 0 && <li>{t('batches.none')}</li>}
              </ul>
              {round.phase === 'voting' && works.length > 0 && <Declare round={round} places={works} />}
            </div>
          </Page>
        )
      }}
    </AskPage>
  )
}

const kinds = { open: 'alert', sealed: 'success', left_out: undefined } as const

function BatchCard({ round, batch, official }: { round: Round; batch: Batch; official: boolean }) {
  const { t } = useTranslation('polling')
  const local = useLocal()
  const { date, number } = useFormat()
  const paper = round.settings.papers.find(({ id }) => id === batch.paper)
  const counted = batch.agreed + batch.decided
  return (
    <Card as="li" className="stack">
      <h2>{batch.batch}</h2>
      <p className="tags">
        <StatusLabel kind={kinds[batch.state]}>{t(`batches.state.${batch.state}`)}</StatusLabel>
        <span>
          {batch.place}, {date(batch.day)}
          {round.settings.papers.length > 1 && paper && `, ${local(paper.name)}`}
        </span>
      </p>
      <p>{t('batches.declared', { marked: number(batch.marked), declared: number(batch.declared) })}</p>
      {batch.state === 'sealed' && (
        <p>
          {t('batches.counted', {
            counted: number(counted),
            decided: number(batch.decided),
            uncounted: number(batch.uncounted),
          })}
        </p>
      )}
      {batch.explanation && <p>{batch.explanation}</p>}
      {batch.keyed && (
        <p>
          {t(`batches.keyed.${batch.keyed}`)} {batch.attempt > 1 && t('batches.attempt', { n: number(batch.attempt) })}
        </p>
      )}
      {batch.state === 'open' && batch.first && (
        <p>
          {batch.second
            ? t('batches.keyers', { first: batch.first, second: batch.second })
            : t('batches.keyer', { first: batch.first })}
        </p>
      )}
      {batch.state === 'open' && round.phase === 'voting' && (
        <p>
          <Link to={`/polling/${round.id}/batches/${batch.batch}`}>{t('batches.key_in', { batch: batch.batch })}</Link>
        </p>
      )}
      {batch.state === 'open' && official && round.phase === 'voting' && (
        <>
          <details>
            <summary>{t('keying.heading')}</summary>
            {batch.keyed === 'agreed' || batch.declared === 0 ? (
              <Seal round={round} batch={batch} />
            ) : (
              <p>{t('keying.not_agreed')}</p>
            )}
          </details>
          {batch.first && (
            <details>
              <summary>{t('batches.reopen')}</summary>
              <Reopen round={round} batch={batch} />
            </details>
          )}
          <details>
            <summary>{t('batches.leave_out')}</summary>
            <LeaveOut round={round} batch={batch} />
          </details>
        </>
      )}
    </Card>
  )
}

/** Two people key the batch in anew: one of them is ill, or both read it wrongly. */
function Reopen({ round, batch }: { round: Round; batch: Batch }) {
  const { t } = useTranslation('polling')
  const cache = useQueryClient()
  const reopen = useMutation({
    mutationFn: (reason: string) =>
      ask(
        office.POST('/api/v1/rounds/{round}/batches/{paper_batch}/reopening', {
          params: { path: { round: round.id, paper_batch: batch.batch } },
          body: { attempt: batch.attempt, reason },
        }),
      ),
    onSuccess: () => {
      empty()
      announce(t('batches.reopened'))
      return cache.invalidateQueries({ queryKey: batchesQuery(round.id).queryKey })
    },
  })
  const { values, form, field, empty } = useFields({
    start: { reason: '' },
    labels: { reason: t('batches.reason') },
    check: ({ reason }) => ({ reason: reason.trim() ? undefined : t('batches.reason_missing') }),
    prefix: `reopen.${batch.batch}.`,
    cause: reopen.error,
  })
  return (
    <Form
      form={form}
      brief
      busy={reopen.isPending}
      className={`stack ${styles.form ?? ''}`}
      onSend={() => {
        reopen.mutate(values.reason.trim())
      }}
      actions={
        <Button type="submit" variant="secondary" busy={reopen.isPending}>
          {t('batches.reopen_button', { batch: batch.batch })}
        </Button>
      }
    >
      <p>{t('batches.reopen_text')}</p>
      <TextInput {...field('reason')} required maxLength={limitsBatchReopening.reason.maxLength} />
    </Form>
  )
}

function LeaveOut({ round, batch }: { round: Round; batch: Batch }) {
  const { t } = useTranslation('polling')
  const cache = useQueryClient()
  const leave = useMutation({
    mutationFn: (reason: string) =>
      ask(
        office.POST('/api/v1/rounds/{round}/batches/{paper_batch}/left-out', {
          params: { path: { round: round.id, paper_batch: batch.batch } },
          body: { reason },
        }),
      ),
    onSuccess: () => {
      announce(t('batches.left_out_done'))
      return cache.invalidateQueries({ queryKey: batchesQuery(round.id).queryKey })
    },
  })
  const { values, form, field } = useFields({
    start: { reason: '' },
    labels: { reason: t('batches.reason') },
    check: ({ reason }) => ({ reason: reason.trim() ? undefined : t('batches.reason_missing') }),
    prefix: `leave.${batch.batch}.`,
    cause: leave.error,
  })
  return (
    <Form
      form={form}
      brief
      busy={leave.isPending}
      className={`stack ${styles.form ?? ''}`}
      onSend={() => {
        leave.mutate(values.reason.trim())
      }}
      actions={
        <Button type="submit" variant="secondary" busy={leave.isPending}>
          {t('batches.leave_out_button', { batch: batch.batch })}
        </Button>
      }
    >
      <p>{t('batches.leave_out_text')}</p>
      <TextInput {...field('reason')} required maxLength={limitsBatchLeftOut.reason.maxLength} />
    </Form>
  )
}

/** A place's stack of one day: also to mend what was told of it, under the same name. */
function Declare({ round, places }: { round: Round; places: Place[] }) {
  const { t } = useTranslation('polling')
  const local = useLocal()
  const cache = useQueryClient()
  const { papers } = round.settings
  const declare = useMutation({
    mutationFn: ({ place, batch, body }: { place: number; batch: string; body: Schemas['BatchDeclaration'] }) =>
      ask(
        office.PUT('/api/v1/rounds/{round}/places/{event}/batches/{paper_batch}', {
          params: { path: { round: round.id, event: place, paper_batch: batch } },
          body,
        }),
      ),
    onSuccess: () => {
      empty()
      announce(t('declare.done'))
      return cache.invalidateQueries({ queryKey: batchesQuery(round.id).queryKey })
    },
  })
  const count = (text: string) => readWhole(text, limitsBatchDeclaration.declared.maximum)
  const { values, form, field, empty } = useFields({
    start: {
      batch: '',
      place: places.length === 1 ? String(places[0]?.id) : '',
      paper: papers.length === 1 ? (papers[0]?.id ?? '') : '',
      day: '',
      seal: '',
      declared: '',
    },
    labels: {
      batch: t('declare.batch'),
      place: t('watch.place'),
      paper: t('declare.paper'),
      day: t('declare.day'),
      seal: t('declare.seal'),
      declared: t('declare.declared'),
    },
    check: ({ batch, place, paper, day, declared }) => ({
      batch: batchName(batch) ? undefined : t('declare.batch_missing'),
      place: place ? undefined : t('declare.place_missing'),
      paper: paper ? undefined : t('declare.paper_missing'),
      day: day ? undefined : t('declare.day_missing'),
      declared: count(declared) === undefined ? t('certificate.number_missing') : undefined,
    }),
    prefix: 'declare.',
    cause: declare.error,
  })
  return (
    <Form
      form={form}
      busy={declare.isPending}
      className={`stack ${styles.form ?? ''}`}
      onSend={() => {
        declare.mutate({
          place: Number(values.place),
          batch: batchName(values.batch) ?? '',
          body: {
            paper: values.paper,
            day: values.day,
            declared: count(values.declared) ?? 0,
            ...(values.seal.trim() && { seal: values.seal.trim() }),
          },
        })
      }}
      actions={
        <Button type="submit" variant="secondary" busy={declare.isPending}>
          {t('declare.button')}
        </Button>
      }
    >
      <h2>{t('declare.heading')}</h2>
      <p>{t('declare.text')}</p>
      <TextInput {...field('batch')} helper={t('declare.batch_help')} required maxLength={12} autoComplete="off" />
      <Select
        {...field('place')}
        required
        options={[
          { value: '', label: t('look.choose') },
          ...places.map(({ id, title }) => ({ value: String(id), label: local(title) })),
        ]}
      />
      {papers.length > 1 && (
        <Select
          {...field('paper')}
          required
          options={[
            { value: '', label: t('look.choose') },
            ...papers.map(({ id, name }) => ({ value: id, label: local(name) })),
          ]}
        />
      )}
      <TextInput {...field('day')} helper={t('declare.day_help')} type="date" required />
      <TextInput
        {...field('seal')}
        helper={t('declare.seal_help')}
        required={false}
        maxLength={limitsBatchDeclaration.seal.maxLength}
        autoComplete="off"
      />
      <TextInput
        {...field('declared')}
        helper={t('declare.declared_help')}
        required
        inputMode="numeric"
        autoComplete="off"
      />
    </Form>
  )
}
