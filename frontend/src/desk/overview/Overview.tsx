import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { deskQuery, overviewQuery } from '@/data/desk'
import { useRound, type Round } from '@/data/round'
import type { Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { Ask } from '@/ui/Ask'
import { AskPage } from '@/ui/AskPage'
import { Only } from '@/ui/Only'
import { Page } from '@/ui/Page'
import { useLocal } from '@/ui/text'
import css from './overview.module.css'

/** How a round's queue stands; each number leads to the list that it counts. */
export default function Overview() {
  const { t } = useTranslation('overview')
  return (
    <Only roles={['facilitator', 'official']} title={t('title')}>
      <AskPage query={useRound()}>{(round) => <OverviewPage round={round} />}</AskPage>
    </Only>
  )
}

function OverviewPage({ round }: { round: Round }) {
  const { t } = useTranslation(['overview', 'desk'])
  const local = useLocal()
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      above={[
        { to: '/desk', text: t('desk:title') },
        { to: `/desk/${round.id}`, text: local(round.name) },
      ]}
    >
      <Ask query={useQuery(overviewQuery(round.id))}>{(numbers) => <Numbers round={round} numbers={numbers} />}</Ask>
    </Page>
  )
}

function Numbers({ round, numbers }: { round: Round; numbers: Schemas['DeskOverview'] }) {
  const { t } = useTranslation('overview')
  const local = useLocal()
  const { number, date } = useFormat()
  const divisions = useQuery(deskQuery(round.id)).data?.divisions ?? []
  const area = (id: string) => local(round.settings.areas.find((one) => one.id === id)?.name) || id
  const division = (id: string) => local(divisions.find((one) => one.id === id)?.name) || id
  const to = (query: string) => `/desk/${round.id}?${query}`
  const totals = [
    { key: 'waiting', count: numbers.waiting, query: '' },
    { key: 'late', count: numbers.late, query: 'late=yes' },
    { key: 'to_estimate', count: numbers.to_estimate, query: 'estimation=waiting&sort=deadline' },
    { key: 'untranslated', count: numbers.untranslated, query: 'untranslated=yes' },
  ] as const
  const most = Math.max(1, ...numbers.days.map(({ submitted, decided }) => Math.max(submitted, decided)))
  return (
    <div className="stack-l">
      <section className="stack">
        <h2>{t('now')}</h2>
        <dl className={css.totals}>
          {totals.map(({ key, count, query }) => (
            <div key={key}>
              <dt>{t(key)}</dt>
              <dd>
                <Link to={to(query)} aria-label={`${t(key)}: ${number(count)}`}>
                  {number(count)}
                </Link>
              </dd>
            </div>
          ))}
        </dl>
        {numbers.forecast && <Forecast forecast={numbers.forecast} span={numbers.days.length - 1} />}
      </section>
      <Shares
        caption={t('by_area')}
        head={t('area')}
        rows={numbers.areas.map(({ id, waiting, late }) => ({
          name: area(id),
          waiting,
          late,
          to: to(`area=${id}`),
          lateTo: to(`area=${id}&late=yes`),
        }))}
      />
      <Shares
        caption={t('by_person')}
        head={t('person')}
        rows={numbers.people.map(({ id, name, waiting, late }) => {
          const whose = id ? `handler=${id}` : 'free=yes'
          return {
            name: id ? (name ?? id) : t('nobody'),
            waiting,
            late,
            to: to(whose),
            lateTo: to(`${whose}&late=yes`),
          }
        })}
      />
      <Shares
        caption={t('by_division')}
        head={t('division')}
        rows={numbers.divisions.map(({ id, waiting, late }) => ({
          name: division(id),
          waiting,
          late,
          to: to(`division=${id}&estimation=waiting`),
          lateTo: to(`division=${id}&late=yes`),
        }))}
      />
      <Shares
        caption={t('by_age')}
        head={t('age')}
        rows={numbers.ages.map(({ days, waiting }) => ({
          name: t('older', { days }),
          waiting,
          to: to(`older=${String(days)}`),
        }))}
      />
      <table className={css.table}>
        <caption>{t('by_day')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('day')}</th>
            <th scope="col">{t('submitted')}</th>
            <th scope="col">{t('decided')}</th>
          </tr>
        </thead>
        <tbody>
          {numbers.days.map(({ day, submitted, decided }) => (
            <tr key={day}>
              <th scope="row">{date(day)}</th>
              <td>
                <Bar count={submitted} most={most} /> {number(submitted)}
              </td>
              <td>
                <Bar count={decided} most={most} /> {number(decided)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Forecast({ forecast, span }: { forecast: Schemas['DeskForecast']; span: number }) {
  const { t } = useTranslation('overview')
  const { number, closing } = useFormat()
  const { ends, per_day, left } = forecast
  return (
    <p>
      {t(left > 0 ? 'forecast' : 'forecast_done', {
        ends: closing(ends),
        span: number(span),
        pace: number(Math.round(per_day * 10) / 10),
        left: number(left),
      })}
    </p>
  )
}

interface Row {
  name: string
  waiting: number
  late?: number
  to: string
  lateTo?: string
}

/** Numbers with bars; what there is none of leads nowhere. */
function Shares({ caption, head, rows }: { caption: string; head: string; rows: Row[] }) {
  const { t } = useTranslation('overview')
  const { number } = useFormat()
  const most = Math.max(1, ...rows.map(({ waiting }) => waiting))
  const link = (count: number, to: string, what: string) =>
    count > 0 ? (
      <Link to={to} aria-label={`${what}: ${number(count)}`}>
        {number(count)}
      </Link>
    ) : (
      number(count)
    )
  const late = rows.some((row) => row.late !== undefined)
  return (
    <table className={css.table}>
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{head}</th>
          <th scope="col">{t('count')}</th>
          {late && <th scope="col">{t('overdue')}</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.to}>
            <th scope="row" dir="auto">
              {row.name}
            </th>
            <td>
              <Bar count={row.waiting} most={most} /> {link(row.waiting, row.to, row.name)}
            </td>
            {row.late !== undefined && <td>{link(row.late, row.lateTo ?? row.to, `${row.name}, ${t('overdue')}`)}</td>}
          </tr>
        ))}
        {rows.length === 0 && (
          <tr>
            <td colSpan={3}>{t('none')}</td>
          </tr>
        )}
      </tbody>
    </table>
  )
}

/** A bar beside the number that says the same. */
function Bar({ count, most }: { count: number; most: number }) {
  return (
    <span className={css.bar} style={{ inlineSize: `calc(var(--bar) * ${String(count / most)})` }} aria-hidden="true" />
  )
}
