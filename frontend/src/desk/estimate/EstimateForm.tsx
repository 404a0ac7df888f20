import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  Button,
  Card,
  ChoiceGroup,
  ErrorSummary,
  Notification,
  Radio,
  Select,
  TextArea,
  TextInput,
  type FieldError,
} from '@/ui/hds'
import { limitsNewEstimate, limitsReasons } from '@/lib/limits.gen'
import { deskQuery, type Desk } from '@/data/desk'
import { announce } from '@/lib/announce'
import { Ask } from '@/ui/Ask'
import { useFormat } from '@/lib/format'
import { Problem } from '@/lib/problem'
import { useLocal } from '@/ui/text'
import { useFocusAfter } from '@/ui/useFocusAfter'
import { Trouble } from '@/ui/problem/Trouble'
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

/** What my division says of the proposal. Until I choose, nothing of a newer estimate is overwritten. */
export function EstimateForm({ round, proposal }: { round: string; proposal: Proposal }) {
  const { t } = useTranslation('expert')
  const heading = useFocusAfter<HTMLHeadingElement>(String(proposal.estimates ?? 0))
  const desks = useQuery(deskQuery(round))
  const histories = useQuery(estimatesQuery(round, proposal.id))
  return (
    <Card as="section" className="desk-decide">
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
  const [base, setBase] = useState(latest)
  const [draft, setDraft] = useState(() => draftOf(latest, division))
  const [tried, setTried] = useState<Way>()
  const [attempt, setAttempt] = useState(0)
  const newer = latest && latest.number > (base?.number ?? 0) ? latest : undefined
  const wrong = tried ? wrongOf(draft, tried === 'publish') : {}
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
  const fields = Object.keys(names) as (keyof Draft)[]
  const errors: FieldError[] = fields.flatMap((name) =>
    wrong[name] ? [{ id: `estimate-${name}`, message: `${names[name]}: ${t(`wrong.${wrong[name]}`)}` }] : [],
  )
  const set = (change: Partial<Draft>) => {
    setDraft((old) => ({ ...old, ...change }))
  }
  const field = (name: keyof Draft) => ({
    id: `estimate-${name}`,
    label: names[name],
    value: draft[name],
    error: wrong[name] && t(`wrong.${wrong[name]}`),
    onChange: (event: { target: { value: string } }) => {
      set({ [name]: event.target.value })
    },
  })
  const send = useMutation({
    mutationFn: (way: Way) =>
      give(round, division, [estimateOf(draft, proposal.id, base?.number ?? 0, way === 'publish', desk.classes)]),
    onSuccess: async ({ added }, way) => {
      const forwarded = draft.competence === 'forward'
      announce(t(forwarded ? 'form.forwarded' : way === 'publish' ? 'form.published' : 'form.kept'))
      setTried(undefined)
      if (!forwarded) {
        const found = await cache.fetchQuery({ ...estimatesQuery(round, proposal.id), staleTime: 0 })
        setBase((old) => found.find(({ number }) => number === (old?.number ?? 0) + added) ?? old)
      }
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
  const submit = (way: Way) => {
    setTried(way)
    setAttempt((n) => n + 1)
    if (Object.keys(wrongOf(draft, way === 'publish')).length === 0) send.mutate(way)
  }
  const conflict = send.error instanceof Problem && send.error.code === 'edited_meanwhile'
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        submit(draft.competence === 'forward' ? 'keep' : 'publish')
      }}
    >
      <ErrorSummary errors={errors} attempt={attempt} />
      {newer && !send.isPending && (
        <Newer
          from={base}
          to={newer}
          desk={desk}
          onMine={() => {
            setBase(newer)
            send.reset()
          }}
          onTheirs={() => {
            setBase(newer)
            setDraft(draftOf(newer, division))
            send.reset()
          }}
        />
      )}
      <ChoiceGroup
        id="estimate-competence"
        legend={names.competence}
        error={wrong.competence && t(`wrong.${wrong.competence}`)}
      >
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
        <ChoiceGroup
          id="estimate-feasibility"
          legend={names.feasibility}
          error={wrong.feasibility && t(`wrong.${wrong.feasibility}`)}
        >
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
            <div className="expert-range">
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
      {send.error && !conflict && <Trouble cause={send.error} />}
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
    </form>
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
