import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { LinkButton, Notification } from '@/ui/hds'
import { Ask } from '@/ui/Ask'
import { resultsQuery, type Results } from '@/data/results'
import { useFormat, useLang } from '@/lib/format'
import { Problem } from '@/lib/problem'
import { Local, useLocal } from '@/ui/text'
import { useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { AreaOutcome } from './AreaOutcome'
import { Check } from './Check'
import './results.css'
import { Turnout } from './Turnout'

/** The outcome of a round, area by area, and how to check it. */
export default function ResultsOfRound() {
  const query = useRound()
  const { t } = useTranslation('results')
  return (
    <AskPage query={query} title={t('title')}>
      {(round) => <ResultsPage round={round} />}
    </AskPage>
  )
}

function ResultsPage({ round }: { round: Round }) {
  const { t } = useTranslation(['results', 'shell'])
  const lang = useLang()
  const local = useLocal()
  return (
    <Page
      title={t('title')}
      above={[
        { to: `/${lang}`, text: t('shell:nav.home') },
        { to: `/${lang}/rounds/${round.id}`, text: local(round.name) },
      ]}
    >
      <OutcomeOfRound round={round} />
    </Page>
  )
}

/** The outcome, or that it is not public yet. Officials see it from the count on. */
export function OutcomeOfRound({ round }: { round: Round }) {
  const { t } = useTranslation('results')
  const lang = useLang()
  const query = useQuery(resultsQuery(round.id))
  const hidden = query.error instanceof Problem && query.error.code === 'results_hidden'
  if (!hidden) return <Ask query={query}>{(results) => <Outcome round={round} results={results} />}</Ask>
  return (
    <Notification label={t('hidden.title')}>
      <p>{t('hidden.text')}</p>
      <LinkButton small variant="secondary" to={`/${lang}/rounds/${round.id}`}>
        {t('hidden.round')}
      </LinkButton>
    </Notification>
  )
}

function Outcome({ round, results }: { round: Round; results: Results }) {
  const { t } = useTranslation(['results', 'shell'])
  const { date } = useFormat()
  const [params] = useSearchParams()
  const chosen =
    results.areas.find(({ area }) => area === params.get('area')) ??
    (results.areas.length === 1 ? results.areas[0] : undefined)
  return (
    <div className="stack-l">
      {round.rehearsal && <Notification kind="alert">{t('shell:rehearsal')}</Notification>}
      {!results.published && <Notification kind="alert" label={t('unpublished')} />}
      {results.decision && <p className="lead">{t('decision', { decision: results.decision })}</p>}
      {results.corrections && (
        <ul className="plain stack">
          {results.corrections.map(({ at, from, to, reason }) => (
            <li key={at}>{t('corrected', { date: date(at), from, to, reason })}</li>
          ))}
        </ul>
      )}
      <Areas round={round} results={results} chosen={chosen?.area} />
      {chosen && <AreaOutcome key={chosen.area} round={round} outcome={chosen} />}
      <Turnout round={round} voids={results.void} />
      {results.published && (
        <Check
          round={round}
          outcome={chosen ?? results.areas[0]}
          withheld={results.areas.some(({ withheld }) => withheld)}
        />
      )}
    </div>
  )
}

/** Every area in a line; each leads to its projects. */
function Areas({ round, results, chosen }: { round: Round; results: Results; chosen?: string }) {
  const { t } = useTranslation('results')
  const { euros, number } = useFormat()
  if (results.areas.length < 2) return null
  return (
    <section className="stack">
      <h2>{t('areas.heading')}</h2>
      <ul className="plain outcome-areas">
        {results.areas.map(({ area, spent, left, ballots, projects }) => {
          const funded = projects.filter(({ selected }) => selected).length
          const name = round.settings.areas.find(({ id }) => id === area)?.name ?? { fi: area }
          return (
            <li key={area}>
              <Link to={`?area=${area}`} preventScrollReset aria-current={area === chosen ? 'true' : undefined}>
                <strong>
                  <Local text={name} />
                </strong>
                <span>{t('areas.funded', { count: funded, number: number(funded), sum: euros(spent) })}</span>
                <span className="outcome-small">
                  {t('areas.rest', { ballots: number(ballots), left: euros(left) })}
                </span>
              </Link>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
