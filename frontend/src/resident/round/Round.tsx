import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { Notification } from '@/ui/hds'
import { useFormat, useLang } from '@/lib/format'
import { Local, useHeading } from '@/ui/text'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { Acts } from './Acts'
import { classes } from '@/lib/classes'
import styles from './round.module.css'
import { useFollowRound } from '@/data/follow'
import { isFrozen, money, numbersQuery, useRound, type Round as RoundType } from '@/data/round'
import { RoundCheckCode } from '@/receipt/CheckCode'
import { Rules } from '@/shared/round/Rules'
import { PhaseLabel, Standing } from './Standing'
import { Timetable } from './Timetable'

const Uncast = lazy(() => import('@/resident/vote/Uncast').then(({ Uncast }) => ({ default: Uncast })))

/** One round: what happens now, when, with how much money, by which rules. */
export default function Round() {
  const query = useRound()
  return <AskPage query={query}>{(round) => <RoundPage round={round} />}</AskPage>
}

function RoundPage({ round }: { round: RoundType }) {
  const { t } = useTranslation()
  const lang = useLang()
  const heading = useHeading()
  useFollowRound(round)
  return (
    <Page
      {...heading(round.name)}
      above={[{ to: `/${lang}`, text: t('nav.home') }]}
      lead={
        <div className="stack">
          <div>
            <PhaseLabel round={round} />
          </div>
          {!round.source && (
            <p>
              <Standing round={round} />
            </p>
          )}
          <Acts round={round} />
        </div>
      }
    >
      <div className="stack-l">
        <Suspense>
          <Uncast round={round} />
        </Suspense>
        {round.rehearsal && <Notification kind="alert">{t('rehearsal')}</Notification>}
        {round.source && <Elsewhere round={round} />}
        {watched.includes(round.phase) && <TurnoutNow round={round.id} />}
        {!round.source && (
          <>
            <div className={styles.columns}>
              <Timetable round={round} />
              <Areas round={round} />
            </div>
            <Rules round={round} />
            <Suspense>{isFrozen(round) && <RoundCheckCode round={round.id} />}</Suspense>
          </>
        )}
      </div>
    </Page>
  )
}

/** A round that another service held: when, and how somebody makes a proposal of hers her own. */
function Elsewhere({ round }: { round: RoundType }) {
  const { t } = useTranslation('round')
  const lang = useLang()
  const { date } = useFormat()
  return (
    <>
      <Notification label={t('elsewhere.title')}>
        <p>{t('elsewhere.text', { from: date(round.times.proposing.opens), to: date(round.times.voting.closes) })}</p>
      </Notification>
      <section className="stack">
        <h2>{t('elsewhere.areas')}</h2>
        <ul className={classes('plain', styles.areaList)}>
          {round.settings.areas.map(({ id, name }) => (
            <li key={id}>
              <Link to={`/${lang}/rounds/${round.id}/proposals?area=${id}`}>
                <Local text={name} />
              </Link>
            </li>
          ))}
        </ul>
      </section>
      <p>
        <Link to={`/${lang}/rounds/${round.id}/claim`}>{t('elsewhere.claim')}</Link>
      </p>
    </>
  )
}

function Areas({ round }: { round: RoundType }) {
  const { t } = useTranslation('round')
  const lang = useLang()
  const { euros } = useFormat()
  return (
    <section className="stack">
      <h2>{t('areas.heading')}</h2>
      <p>{t('areas.lead', { sum: euros(money(round)) })}</p>
      <ul className={classes('plain', styles.areaList)}>
        {round.settings.areas.map(({ id, name, pot }) => (
          <li key={id}>
            <Link to={`/${lang}/rounds/${round.id}/proposals?area=${id}`}>
              <Local text={name} />
            </Link>
            <span className={styles.areaPot}>{euros(pot)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The phases in which one watches how many have voted; from the results on these tell. */
const watched: RoundType['phase'][] = ['voting', 'closed', 'counted', 'confirmed']

function TurnoutNow({ round }: { round: string }) {
  const { t } = useTranslation('round')
  const lang = useLang()
  const { number, percent } = useFormat()
  const { data, error } = useQuery(numbersQuery(round))
  // Everybody on the roll has a right for the round's first paper: counting it counts people.
  const paper = data?.papers[0]
  if (error || (data && !paper)) return null
  const voted = paper ? paper.online + paper.assisted + paper.on_paper : 0
  return (
    <section className={styles.turnout}>
      <h2>{t('turnout.heading')}</h2>
      {/* Until the numbers are there they have their place, so that nothing below moves. */}
      <p style={paper ? undefined : { visibility: 'hidden' }}>
        {t('turnout.of', {
          voted: number(voted),
          share: percent(paper && paper.rights > 0 ? voted / paper.rights : 0),
        })}
      </p>
      <progress max={Math.max(paper?.rights ?? 1, 1)} value={paper && voted} aria-label={t('turnout.heading')} />
      <p className={styles.turnoutLinks}>
        <Link to={`/${lang}/rounds/${round}/numbers`}>{t('turnout.numbers')}</Link>
        <Link to={`/${lang}/rounds/${round}/rights`}>{t('turnout.rights')}</Link>
        <Link to={`/${lang}/rounds/${round}/check`}>{t('turnout.check')}</Link>
      </p>
    </section>
  )
}
