import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Icon, Koros, type IconName } from '@/ui/hds'
import { Ask } from '@/ui/Ask'
import { useFormat, useLang } from '@/lib/format'
import { Local } from '@/ui/text'
import { Acts } from '@/resident/round/Acts'
import { byUrgency, money, roundsQuery, type Round } from '@/data/round'
import { PhaseLabel, Standing } from '@/resident/round/Standing'
import { Title } from '@/ui/Title'
import './home.css'

const WhatsOn = lazy(() => import('@/resident/event/WhatsOn'))

/** The front page: what it is about, what one can do now, and what is promised. */
export default function Home() {
  const { t } = useTranslation('home')
  const query = useQuery(roundsQuery)
  return (
    <>
      <div className="hero">
        <div className="hds-container hero-body">
          <Title window={t('window')}>{t('title')}</Title>
          <p className="lead">{t('lead')}</p>
        </div>
        <div className="hero-edge">
          <Koros />
        </div>
      </div>
      <div className="hds-container home stack-l">
        <Ask query={query}>{(rounds) => <Rounds rounds={byUrgency(rounds)} />}</Ask>
        <Promise />
        <Journey />
      </div>
    </>
  )
}

function Rounds({ rounds }: { rounds: Round[] }) {
  const { t } = useTranslation('home')
  const lang = useLang()
  const { euros } = useFormat()
  const [first, ...others] = rounds
  if (!first) return <p className="round-now">{t('rounds.none')}</p>
  return (
    <>
      <section className="round-now" aria-labelledby="round-now">
        <div className="stack-s">
          <div>
            <PhaseLabel round={first} />
          </div>
          <h2 id="round-now">
            <Link to={`/${lang}/rounds/${first.id}`}>
              <Local text={first.name} />
            </Link>
          </h2>
          <p>
            <Standing round={first} />
          </p>
          <p className="round-money">
            <Icon name="money-bag" />
            <span>{t('rounds.money', { sum: euros(money(first)), count: first.settings.areas.length })}</span>
          </p>
          {first.rehearsal && <p>{t('rehearsal', { ns: 'shell' })}</p>}
        </div>
        <Acts round={first} />
      </section>
      <Suspense>
        <WhatsOn round={first} />
      </Suspense>
      {others.length > 0 && (
        <section className="stack">
          <h2>{t('rounds.others')}</h2>
          <RoundList rounds={others.filter(({ rehearsal }) => !rehearsal)} />
          <Rehearsals rounds={others.filter(({ rehearsal }) => rehearsal)} />
        </section>
      )}
    </>
  )
}

function RoundList({ rounds }: { rounds: Round[] }) {
  const lang = useLang()
  if (rounds.length === 0) return null
  return (
    <ul className="plain round-list">
      {rounds.map((round) => (
        <li key={round.id}>
          <Link to={`/${lang}/rounds/${round.id}`}>
            <Local text={round.name} />
          </Link>
          <PhaseLabel round={round} />
        </li>
      ))}
    </ul>
  )
}

/** Trials with made-up voters: there for whoever looks for them. */
function Rehearsals({ rounds }: { rounds: Round[] }) {
  const { t } = useTranslation('home')
  if (rounds.length === 0) return null
  return (
    <details>
      <summary className="rehearsals">{t('rounds.rehearsals', { count: rounds.length })}</summary>
      <RoundList rounds={rounds} />
    </details>
  )
}

const promises = [
  ['one', 'user'],
  ['secret', 'eye-crossed'],
  ['receipt', 'ticket'],
  ['recount', 'graph-columns'],
] as const satisfies readonly (readonly [string, IconName])[]

function Promise() {
  const { t } = useTranslation('home')
  const lang = useLang()
  return (
    <section className="stack">
      <h2>{t('promise.heading')}</h2>
      <ul className="plain promise">
        {promises.map(([key, icon]) => (
          <li key={key}>
            <span className="promise-icon">
              <Icon name={icon} size="m" />
            </span>
            <h3>{t(`promise.${key}.title`)}</h3>
            <p>{t(`promise.${key}.text`)}</p>
          </li>
        ))}
      </ul>
      <p className="promise-more">
        <Link to={`/${lang}/about/how`}>{t('promise.how')}</Link>
        <Link to={`/${lang}/about/limits`}>{t('promise.limits')}</Link>
      </p>
    </section>
  )
}

function Journey() {
  const { t } = useTranslation('home')
  return (
    <section className="stack">
      <h2>{t('journey.heading')}</h2>
      <ol className="plain journey">
        {(['propose', 'vet', 'vote', 'build'] as const).map((key, index) => (
          <li key={key}>
            <span className="journey-number" aria-hidden="true">
              {index + 1}
            </span>
            <div>
              <h3>{t(`journey.${key}.title`)}</h3>
              <p>{t(`journey.${key}.text`)}</p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}
