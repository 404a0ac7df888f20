import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { Button, Card, Checkbox, Confirm, Notification, TextInput } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { Ask } from '@/ui/Ask'
import { ask, office, type Schemas } from '@/lib/api'
import { limitsStepRequest } from '@/lib/limits.gen'
import { useFocusAfter } from '@/ui/useFocusAfter'
import { Trouble } from '@/ui/problem/Trouble'
import { roundQuery, type Round } from '@/data/round'
import { decided, final, nextQuery, type Step } from '@/data/office'
import { Problem } from '@/lib/problem'
import { useLocal } from '@/ui/text'
import type fi from './office.fi.json'
import { Ceremony, type Made } from './opening/Ceremony'
import { Codes } from './opening/Codes'
import { placesOf, runs } from './step'
import { Second } from './Second'
import { StepFacts } from './StepFacts'
import { classes } from '@/lib/classes'
import styles from './office.module.css'

/** The next step: what it does, what stands in its way, and the confirmation it asks for. */
export function NextStep({ round }: { round: Round }) {
  const { t } = useTranslation('office')
  const heading = useFocusAfter<HTMLHeadingElement>(round.phase)
  return (
    <Card as="section" className={classes('stack', styles.next)}>
      <h2 ref={heading} tabIndex={-1}>
        {t('next.heading')}
      </h2>
      <Ask query={useQuery(nextQuery(round.id))}>
        {(next) =>
          next.step ? <StepCard key={next.step} round={round} step={next.step} next={next} /> : <p>{t('next.none')}</p>
        }
      </Ask>
    </Card>
  )
}

/** The page where a blocker is cleared, if there is one. */
const clearedAt = {
  no_projects: (round: string) => `/office/${round}/ballot`,
  area_without_projects: (round: string) => `/office/${round}/ballot`,
  project_unchoosable: (round: string) => `/office/${round}/ballot`,
  pot_too_small: (round: string) => `/office/${round}/settings`,
  no_roll: (round: string) => `/office/${round}/roll`,
  proposals_undecided: (round: string) => `/desk/${round}`,
}

const isCleared = (blocker: Schemas['Blocker']): blocker is keyof typeof clearedAt => blocker in clearedAt

function StepCard({ round, step, next }: { round: Round; step: Step; next: Schemas['NextStep'] }) {
  const { t } = useTranslation('office')
  const cache = useQueryClient()
  const [open, setOpen] = useState(false)
  const [decision, setDecision] = useState('')
  const [reason, setReason] = useState('')
  const [copies, setCopies] = useState('')
  const [ticked, setTicked] = useState(false)
  const [word, setWord] = useState('')
  const [accepted, setAccepted] = useState<Schemas['Warning'][]>([])
  const local = useLocal()
  const { blockers, warnings, version } = next
  const [tried, setTried] = useState(false)
  const early = blockers.some(({ code }) => code === 'not_closing_time')
  const unaccounted = blockers.find(({ code }) => code === 'paper_unaccounted')
  const blocked = blockers.filter(({ code }) => code !== 'not_closing_time' && code !== 'paper_unaccounted')
  const { sealing } = next.fixes.round.settings
  const [made, setMade] = useState<Made>()
  const [openingKey, setOpeningKey] = useState<string>()
  const trustees = sealing && sealing.trustees > 1 ? sealing : undefined
  const ceremony = step === 'freeze' && !made ? trustees : undefined
  const codes = step === 'count' && !openingKey ? trustees : undefined
  const needs = {
    decision: decided.includes(step),
    copies: step === 'publish' && !round.rehearsal,
    reason: early || !!unaccounted,
    tick: final.includes(step),
    word: next.missing.length > 0,
  }
  const missing = {
    decision: needs.decision && !/\d/.test(decision), // as the server wants it, whatever the city's form
    copies: needs.copies && !copies.trim(),
    reason: needs.reason && !reason.trim(),
    tick: needs.tick && !ticked,
    word: needs.word && word.trim().toLocaleLowerCase() !== t('next.texts.word'),
  }
  const unaccepted = warnings.filter(({ code }) => !accepted.includes(code))
  const about = (found: Pick<Schemas['WarningFound'], 'areas' | 'papers' | 'projects'>) => {
    const words = placesOf(found, next.fixes.round, local)
    if (found.projects.length > 0) words.push(t('next.projects', { numbers: runs(found.projects) }))
    return words.length > 0 && ` (${words.join(', ')})`
  }

  const take = useMutation({
    mutationFn: async () => {
      const request = {
        params: { path: { round: round.id } },
        body: {
          step,
          version,
          accepted,
          ...(needs.decision && { decision: decision.trim() }),
          ...(needs.word && { missing: word.trim() }),
          ...(needs.copies && { copies: copies.trim() }),
          ...(reason.trim() && { reason: reason.trim() }),
          ...(step === 'freeze' && made),
          ...(step === 'count' && openingKey && { opening_key: openingKey }),
        },
      }
      if (!next.needs_second) return ask(office.POST('/api/v1/rounds/{round}/steps', request))
      await ask(office.POST('/api/v1/rounds/{round}/steps/asked', request))
      return undefined
    },
    onSuccess: (moved) => {
      if (!moved) {
        void cache.invalidateQueries({ queryKey: nextQuery(round.id).queryKey })
        announce(t('second.sent'))
        setOpen(false)
        return
      }
      cache.setQueryData(roundQuery(round.id).queryKey, moved)
      void cache.invalidateQueries({ queryKey: keys.round(round.id) })
      void cache.invalidateQueries({ queryKey: keys.rounds })
      void cache.invalidateQueries({ queryKey: keys.results(round.id) })
      announce(t(`step.${step}.done`))
      setOpen(false)
    },
    // What was shown is not what it is now: it is shown anew, and ticked anew.
    onError: (cause) => {
      if (cause instanceof Problem && cause.code === 'opening_key_invalid') setOpeningKey(undefined)
      if (
        !(cause instanceof Problem) ||
        !['step_changed', 'step_warned', 'texts_missing', 'step_blocked', 'edited_meanwhile', 'second_needed'].includes(
          cause.code,
        )
      )
        return
      setAccepted([])
      setTicked(false)
      setWord('')
      setTried(false)
      void cache.invalidateQueries({ queryKey: nextQuery(round.id).queryKey })
      void cache.invalidateQueries({ queryKey: roundQuery(round.id).queryKey })
    },
  })
  const changed =
    take.error instanceof Problem && take.error.code === 'step_changed'
      ? take.error.fields.map(({ field }) => field)
      : []
  const confirm = () => {
    setTried(true)
    const first = (['word', 'decision', 'copies', 'reason', 'tick'] as const).find((field) => missing[field])
    if (first) document.getElementById(`step-${first}`)?.focus()
    else if (unaccepted[0]) document.getElementById(`step-${unaccepted[0].code}`)?.focus()
    else take.mutate()
  }
  const button = next.needs_second ? t('second.ask') : t(`step.${step}.button`)
  return (
    <>
      <h3>{t(`step.${step}.title`)}</h3>
      <p>{t(`step.${step}.does`)}</p>
      {next.needs_second && !next.asked && <p>{t('second.needed')}</p>}
      {next.asked ? (
        <Second round={round} step={step} next={next} asked={next.asked} />
      ) : blocked.length > 0 ? (
        <Notification kind="alert" label={t('next.blocked')}>
          <ul>
            {blocked.map(({ code: blocker, ...found }) => (
              <li key={blocker}>
                {t(`blocker.${blocker}`)}
                {about(found)}
                {isCleared(blocker) && (
                  <>
                    {' '}
                    <Link to={clearedAt[blocker](round.id)}>{t(`next.clear.${blocker}`)}</Link>
                  </>
                )}
              </li>
            ))}
          </ul>
        </Notification>
      ) : ceremony ? (
        <Ceremony round={round} sealing={ceremony} onMade={setMade} />
      ) : codes ? (
        <section className="stack">
          <h4>{t('opening.count_heading')}</h4>
          <p>{t('opening.count_text', { needed: codes.needed })}</p>
          {take.error && <Trouble cause={take.error} />}
          <Codes
            needed={codes.needed}
            button={t('opening.count_join')}
            onJoined={(opening) => {
              setOpeningKey(opening)
              announce(t('opening.count_ready'))
              return Promise.resolve(true)
            }}
          />
        </section>
      ) : (
        <div className="actions">
          {trustees && step === 'freeze' && <p>{t('opening.ready')}</p>}
          {trustees && step === 'count' && <p>{t('opening.count_ready')}</p>}
          <Button
            onClick={() => {
              setOpen(true)
            }}
          >
            {button}
          </Button>
        </div>
      )}
      <Confirm
        open={open}
        title={t(`step.${step}.confirm`)}
        action={button}
        keep={t('back')}
        busy={take.isPending}
        gentle={!needs.tick}
        onConfirm={confirm}
        onClose={() => {
          setOpen(false)
        }}
      >
        <div className="stack">
          {take.error && <Trouble cause={take.error} />}
          {changed.length > 0 && (
            <Notification kind="alert" label={t('next.changed')}>
              <ul>
                {changed.map((part) => (
                  <li key={part}>{t(`next.part.${part as keyof typeof fi.next.part}`, { defaultValue: part })}</li>
                ))}
              </ul>
            </Notification>
          )}
          <p>{t(`step.${step}.does`)}</p>
          <p>{t(`step.${step}.final`)}</p>
          <StepFacts step={step} fixes={next.fixes} />
          {warnings.length > 0 && (
            <fieldset className={styles.fieldset}>
              <legend>{t('next.warnings')}</legend>
              {warnings.map(({ code, ...found }) => (
                <Checkbox
                  key={code}
                  id={`step-${code}`}
                  label={
                    <>
                      {t(`warning.${code}`)}
                      {about(found)}
                    </>
                  }
                  checked={accepted.includes(code)}
                  aria-invalid={tried && !accepted.includes(code) ? true : undefined}
                  onChange={(event) => {
                    setAccepted(event.target.checked ? [...accepted, code] : accepted.filter((one) => one !== code))
                  }}
                />
              ))}
              {tried && unaccepted.length > 0 && (
                <p className={styles.error} role="alert">
                  {t('next.warnings_missing')}
                </p>
              )}
            </fieldset>
          )}
          {needs.word && (
            <Notification kind="alert" label={t('next.texts.heading')}>
              <ul>
                {next.missing.map(({ language, titles, texts }) => (
                  <li key={language}>
                    {t('next.texts.line', { language: t(`next.texts.in.${language}`), titles, texts })}
                  </li>
                ))}
              </ul>
              <p>
                <a href={`/desk/${round.id}/translations`}>{t('next.texts.list')}</a>
              </p>
              <TextInput
                id="step-word"
                label={t('next.texts.label', { word: t('next.texts.word') })}
                helper={t('next.texts.help')}
                required
                autoComplete="off"
                maxLength={limitsStepRequest.missing.maxLength}
                value={word}
                error={tried && missing.word ? t('next.texts.wrong', { word: t('next.texts.word') }) : undefined}
                onChange={(event) => {
                  setWord(event.target.value)
                }}
              />
            </Notification>
          )}
          {needs.decision && (
            <TextInput
              id="step-decision"
              label={t('next.decision')}
              helper={t('next.decision_help')}
              required
              maxLength={limitsStepRequest.decision.maxLength}
              value={decision}
              error={tried && missing.decision ? t(decision.trim() ? 'next.decision_bad' : 'required') : undefined}
              onChange={(event) => {
                setDecision(event.target.value)
              }}
            />
          )}
          {needs.copies && (
            <TextInput
              id="step-copies"
              label={t('next.copies')}
              helper={t('next.copies_help')}
              required
              maxLength={limitsStepRequest.copies.maxLength}
              value={copies}
              error={tried && missing.copies ? t('required') : undefined}
              onChange={(event) => {
                setCopies(event.target.value)
              }}
            />
          )}
          {early && <Notification kind="alert">{t('next.early')}</Notification>}
          {unaccounted && (
            <Notification kind="alert">
              {t('blocker.paper_unaccounted')}
              {about(unaccounted)}
            </Notification>
          )}
          {needs.reason && (
            <TextInput
              id="step-reason"
              label={t('reason')}
              helper={t(unaccounted ? 'next.reason_public' : 'reason_help')}
              required
              maxLength={limitsStepRequest.reason.maxLength}
              value={reason}
              error={tried && missing.reason ? t('required') : undefined}
              onChange={(event) => {
                setReason(event.target.value)
              }}
            />
          )}
          {needs.tick && (
            <Checkbox
              id="step-tick"
              label={t('next.tick')}
              checked={ticked}
              aria-invalid={tried && missing.tick ? true : undefined}
              onChange={(event) => {
                setTicked(event.target.checked)
              }}
            />
          )}
          {tried && missing.tick && (
            <p className={styles.error} role="alert">
              {t('next.tick_missing')}
            </p>
          )}
        </div>
      </Confirm>
    </>
  )
}
