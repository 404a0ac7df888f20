import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, Card, ChoiceGroup, Notification, Radio, Select, TextArea, TextInput } from '@/ui/hds'
import { limitsNewEstimate, limitsReasons } from '@/lib/limits.gen'
import { deskQuery, type Desk } from '@/data/desk'
import { announce } from '@/lib/announce'
import { Ask } from '@/ui/Ask'
import { useFormat } from '@/lib/format'
import { Problem } from '@/lib/problem'
import { useLocal } from '@/ui/text'
import { useFocusAfter } from '@/ui/useFocusAfter'
import { Form as FormFrame } from '@/ui/form/Form'
import { useForm, type Wrong } from '@/ui/form/useForm'
import { useKept } from '@/ui/form/useKept'
import { proposalQuery, type Proposal } from '@/data/proposal'
import {
  competences,
  differences,
  draftOf,
  estimateOf,
  estimatesQuery,
  feasibilities,
  give,
  isBuildable,
  wrongOf,
  type Draft,
  type Estimate,
} from '@/data/estimate'
import { useSay } from './useSay'
import styles from '@/ui/work.module.css'
import estimateStyles from './estimate.module.css'

/** What my division says of the proposal. Until I choose, nothing of a newer estimate is overwritten. */
export function EstimateForm({ round, proposal }: { round: string; proposal: Proposal }) {
  const { t } = useTranslation('expert')
  const heading = useFocusAfter<HTMLHeadingElement>(String(proposal.estimates ?? 0))
  const desks = useQuery(deskQuery(round))
  const histories = useQuery(estimatesQuery(round, proposal.id))
  return (
    <Card as="section" className={styles.decide}>
      <h2 ref={heading} tabIndex={-1}>
        {t('form.heading')}
      </h2>
      <Ask query={desks}>
        {(desk) => (
          <Ask query={histories}>
            {(history) => (
              <Form key={proposal.division} round={round} proposal={proposal} desk={desk} history={history} />
            )}
          </Ask>
        )}
      </Ask>
    </Card>
  )
}

type Way = 'keep' | 'publish'

/** Where the contract has what stands in the fields. */
const paths: Record<keyof Draft, string> = {
  competence: 'competence',
  forward: 'forward',
  feasibility: 'feasibility',
  class: 'class',
  minimum: 'cost.minimum',
  maximum: 'cost.maximum',
  maintenance: 'cost.maintenance',
  fi: 'reasons.fi',
  sv: 'reasons.sv',
  en: 'reasons.en',
  note: 'note',
}

function Form({
  round,
  proposal,
  desk,
  history,
}: {
  round: string
  proposal: Proposal
  desk: Desk
  history: Estimate[]
}) {
  const { t } = useTranslation(['expert', 'desk'])
  const { euros } = useFormat()
  const local = useLocal()
  const cache = useQueryClient()
  const division = proposal.division ?? ''
  const latest = history.at(-1)
  // The estimate that the fields began with; a newer one is shown before anything is sent over it.
  const [{ from, draft }, setWritten, done] = useKept(`estimate.${round}.${String(proposal.id)}.${division}`, {
    from: latest?.number ?? 0,
    draft: draftOf(latest, division),
  })
  const base = history.find(({ number }) => number === from)
  const [way, setWay] = useState<Way>('keep')
  const newer = latest && latest.number > from ? latest : undefined
  const names: Record<keyof Draft, string> = {
    competence: t('part.competence'),
    forward: t('part.forward'),
    feasibility: t('part.feasibility'),
    class: t('part.class'),
    minimum: t('part.cost_minimum'),
    maximum: t('part.cost_maximum'),
    maintenance: t('part.cost_maintenance'),
    fi: t('part.reasons_fi'),
    sv: t('part.reasons_sv'),
    en: t('part.reasons_en'),
    note: t('part.note'),
  }
  const set = (change: Partial<Draft>) => {
    setWritten((old) => ({ ...old, draft: { ...old.draft, ...change } }))
  }
  const field = (name: keyof Draft) => ({
    id: `estimate.${paths[name]}`,
    label: names[name],
    value: draft[name],
    error: form.errorOf(paths[name]),
    onChange: (event: { target: { value: string } }) => {
      set({ [name]: event.target.value })
    },
  })
  const send = useMutation({
    mutationFn: (way: Way) =>
      give(round, division, [estimateOf(draft, proposal.id, from, way === 'publish', desk.classes)]),
    onSuccess: async ({ added }, way) => {
      const forwarded = draft.competence === 'forward'
      announce(t(forwarded ? 'form.forwarded' : way === 'publish' ? 'form.published' : 'form.kept'))
      form.begin()
      if (!forwarded) {
        const found = await cache.fetchQuery({ ...estimatesQuery(round, proposal.id), staleTime: 0 })
        if (found.some(({ number }) => number === from + added)) setWritten({ from: from + added, draft })
      }
      done()
      void cache.invalidateQueries({ queryKey: keys.queue(round) })
      void cache.invalidateQueries({ queryKey: keys.proposals(round) })
      await cache.invalidateQueries({ queryKey: proposalQuery(round, proposal.id).queryKey, exact: true })
      void cache.invalidateQueries({ queryKey: keys.versions(round, proposal.id) })
    },
    onError: (cause) => {
      if (cause instanceof Problem && cause.code === 'edited_meanwhile')
        void cache.invalidateQueries({ queryKey: estimatesQuery(round, proposal.id).queryKey })
    },
  })
  const conflict = send.error instanceof Problem && send.error.code === 'edited_meanwhile'
  const wrong = (way: Way): Wrong =>
    Object.fromEntries(
      (Object.keys(paths) as (keyof Draft)[]).map((name) => {
        const what = wrongOf(draft, way === 'publish')[name]
        return [paths[name], what && t(`wrong.${what}`)]
      }),
    )
  const form = useForm({ wrong: wrong(way), cause: conflict ? undefined : send.error, prefix: 'estimate.' })
  const submit = (way: Way) => {
    setWay(way)
    if (!send.isPending && form.check(wrong(way))) send.mutate(way)
  }
  return (
    <FormFrame
      form={form}
      unchecked
      onSend={() => {
        submit(draft.competence === 'forward' ? 'keep' : 'publish')
      }}
    >
      {newer && !send.isPending && (
        <Newer
          from={base}
          to={newer}
          desk={desk}
          onMine={() => {
            setWritten({ from: newer.number, draft })
            send.reset()
          }}
          onTheirs={() => {
            setWritten({ from: newer.number, draft: draftOf(newer, division) })
            send.reset()
          }}
        />
      )}
      <ChoiceGroup id="estimate.competence" legend={names.competence} error={form.errorOf('competence')}>
        {competences.map((one) => (
          <Radio
            key={one}
            name="competence"
            label={t(`competence.${one}`)}
            checked={draft.competence === one}
            onChange={() => {
              set({ competence: one })
            }}
          />
        ))}
      </ChoiceGroup>
      {draft.competence === 'forward' && (
        <Select
          {...field('forward')}
          required
          options={[
            { value: '', label: t('refer.choose') },
            ...desk.divisions
              .filter(({ id }) => id !== division)
              .map(({ id, name }) => ({ value: id, label: local(name) })),
          ]}
        />
      )}
      {draft.competence === 'city' && (
        <ChoiceGroup id="estimate.feasibility" legend={names.feasibility} error={form.errorOf('feasibility')}>
          {feasibilities.map((one) => (
            <Radio
              key={one}
              name="feasibility"
              label={t(`feasibility.${one}`)}
              checked={draft.feasibility === one}
              onChange={() => {
                set({ feasibility: one })
              }}
            />
          ))}
        </ChoiceGroup>
      )}
      {isBuildable(draft) && (
        <>
          <Select
            {...field('class')}
            required
            options={[
              { value: '', label: t('form.own_range') },
              ...desk.classes.map(({ id, minimum, maximum }) => ({
                value: id,
                label: t('form.class', { name: id.toUpperCase(), from: euros(minimum), to: euros(maximum) }),
              })),
            ]}
          />
          {!draft.class && (
            <div className={estimateStyles.range}>
              <TextInput {...field('minimum')} required inputMode="numeric" autoComplete="off" />
              <TextInput {...field('maximum')} required inputMode="numeric" autoComplete="off" />
            </div>
          )}
          <TextInput {...field('maintenance')} required inputMode="numeric" autoComplete="off" />
        </>
      )}
      {draft.competence !== '' && draft.competence !== 'forward' && (
        <>
          <TextArea
            {...field('fi')}
            helper={t('form.reasons')}
            rows={3}
            maxLength={limitsReasons.fi.maxLength}
            lang="fi"
          />
          <TextArea {...field('sv')} rows={3} maxLength={limitsReasons.sv.maxLength} lang="sv" />
          <TextArea {...field('en')} rows={3} maxLength={limitsReasons.en.maxLength} lang="en" />
        </>
      )}
      {draft.competence !== '' && (
        <TextArea
          {...field('note')}
          helper={t('desk:internal')}
          required={draft.competence === 'forward'}
          rows={2}
          maxLength={limitsNewEstimate.note.maxLength}
        />
      )}
      <div className="actions">
        {draft.competence === 'forward' ? (
          <Button type="submit" busy={send.isPending}>
            {t('form.forward')}
          </Button>
        ) : (
          <>
            <Button type="submit" busy={send.isPending} disabled={newer !== undefined}>
              {t('form.publish')}
            </Button>
            <Button
              variant="secondary"
              disabled={send.isPending || newer !== undefined}
              onClick={() => {
                submit('keep')
              }}
            >
              {t('form.keep')}
            </Button>
          </>
        )}
      </div>
      <p className="muted">{t('form.help')}</p>
    </FormFrame>
  )
}

/** Somebody else has estimated meanwhile: what that changed, and whose words go on. */
function Newer({
  from,
  to,
  desk,
  onMine,
  onTheirs,
}: {
  from?: Estimate
  to: Estimate
  desk: Desk
  onMine: () => void
  onTheirs: () => void
}) {
  const { t } = useTranslation('expert')
  const { name, say } = useSay(desk.divisions)
  const { dateTime } = useFormat()
  return (
    <Notification kind="alert" label={t('newer.heading')} live>
      <p>{t('newer.text', { name: to.by ?? '', time: dateTime(to.at) })}</p>
      <ul>
        {differences(to, from).map((part) => (
          <li key={part}>{t('change', { part: name(part), from: say(from, part), to: say(to, part) })}</li>
        ))}
      </ul>
      <div className="actions">
        <Button small onClick={onMine}>
          {t('newer.mine')}
        </Button>
        <Button small variant="secondary" onClick={onTheirs}>
          {t('newer.theirs')}
        </Button>
      </div>
    </Notification>
  )
}
