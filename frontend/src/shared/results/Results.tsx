import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { useSearchParams } from '@/lib/router'
import { LinkButton, Notification } from '@/ui/hds'
import { Ask } from '@/ui/Ask'
import { resultsQuery, type Results } from '@/data/results'
import { useFormat, useLang } from '@/lib/format'
import { Problem } from '@/lib/problem'
import { useLocal } from '@/ui/text'
import { useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { AreaOutcome } from './AreaOutcome'
import { Areas } from './Areas'
import { Check } from './Check'
import { Elsewhere } from './Elsewhere'
import { Next } from './Next'
import { Summary } from './Summary'
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
  const { t } = useTranslation(['results', 'shell', 'delivery'])
  const lang = useLang()
  const { date } = useFormat()
  const [params] = useSearchParams()
  if (results.source) return <Elsewhere round={round} results={results} />
  const chosen =
    results.areas.find(({ area }) => area === params.get('area')) ??
    (results.areas.length === 1 ? results.areas[0] : undefined)
  return (
    <div className="stack-l">
      {round.rehearsal && <Notification kind="alert">{t('shell:rehearsal')}</Notification>}
      {!results.published && <Notification kind="alert" label={t('unpublished')} />}
      <Summary round={round} results={results} />
      {results.corrections && (
        <ul className="plain stack">
          {results.corrections.map(({ at, from, to, reason }) => (
            <li key={at}>{t('corrected', { date: date(at), from, to, reason })}</li>
          ))}
        </ul>
      )}
      {results.published && (
        <p>
          <a href={`/${lang}/delivery?round=${round.id}`}>{t('delivery:link')}</a>
        </p>
      )}
      <Areas round={round} results={results} chosen={chosen?.area} />
      {chosen && <AreaOutcome key={chosen.area} round={round} outcome={chosen} />}
      <Turnout round={round} voids={results.void} />
      {results.published && <Next round={round} />}
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
