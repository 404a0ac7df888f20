import { useTranslation } from '@/lib/i18n'
import type { Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { Local } from '@/ui/text'
import type { Round } from '@/data/round'
import { classes } from '@/lib/classes'
import styles from './numbers.module.css'

type Point = Schemas['PaperNumbers'] & {
  /** What the row is called: a date, or now. */
  day: string
  /** The same in a few characters, for the drawing. */
  short: string
}

/** How the numbers grew, as a drawing and as a table with the same content. */
export function Days({ round, numbers }: { round: Round; numbers: Schemas['Numbers'] }) {
  const { t } = useTranslation('numbers')
  const { date } = useFormat()
  return (
    <section className="stack">
      <h2>{t('days.heading')}</h2>
      <p>{t(numbers.days.length > 0 ? 'days.lead' : 'days.none')}</p>
      {numbers.papers.map((now) => {
        const name = round.settings.papers.find(({ id }) => id === now.paper)?.name ?? { fi: now.paper }
        const points: Point[] = numbers.days.flatMap(({ day, papers }) => {
          const then = papers.find(({ paper }) => paper === now.paper)
          const [, month = '', number = ''] = day.split('-')
          return then ? [{ ...then, day: date(day), short: `${Number(number)}.${Number(month)}.` }] : []
        })
        return (
          <div key={now.paper} className="stack">
            {numbers.papers.length > 1 && (
              <h3>
                <Local text={name} />
              </h3>
            )}
            <PaperDays points={[...points, { ...now, day: t('days.now'), short: t('days.now') }]} />
          </div>
        )
      })}
    </section>
  )
}

function PaperDays({ points }: { points: Point[] }) {
  const { t } = useTranslation('numbers')
  const { number } = useFormat()
  const last = points.at(-1)
  return (
    <>
      {points.length > 2 && last && (
        <figure className={styles.chart}>
          <Bars
            points={points}
            label={t('chart.label', {
              from: points[0]?.day,
              to: last.day,
              ballots: number(last.ballots),
              missing: number(Math.max(0, last.missing)),
            })}
          />
          <figcaption aria-hidden="true">
            <span className={classes(styles.key, styles.keyBallots)}>{t('chart.ballots')}</span>
            <span className={classes(styles.key, styles.keyMissing)}>{t('chart.missing')}</span>
          </figcaption>
        </figure>
      )}
      <div className="table-scroll" tabIndex={0} role="region" aria-label={t('days.caption')}>
        <table className={styles.days}>
          <caption className="visually-hidden">{t('days.caption')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('days.day')}</th>
              <th scope="col" className={styles.figure}>
                {t('days.spent')}
              </th>
              <th scope="col" className={styles.figure}>
                {t('days.credentials')}
              </th>
              <th scope="col" className={styles.figure}>
                {t('days.ballots')}
              </th>
              <th scope="col" className={styles.figure}>
                {t('days.missing')}
              </th>
            </tr>
          </thead>
          <tbody>
            {points.map(({ day, online, assisted, on_paper, credentials, ballots, missing, alarm }) => (
              <tr key={day}>
                <th scope="row">{day}</th>
                <td className={styles.figure}>{number(online + assisted + on_paper)}</td>
                <td className={styles.figure}>{number(credentials)}</td>
                <td className={styles.figure}>{number(ballots)}</td>
                <td className={classes(styles.figure, alarm && styles.alarm)}>{number(missing)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

/** A bar a day: ballots from the ground up, and on top of them the credentials that have none. */
function Bars({ points, label }: { points: Point[]; label: string }) {
  const top = Math.max(1, ...points.map(({ credentials, ballots }) => Math.max(credentials, ballots)))
  const wide = points.length > 8
  return (
    <div className={styles.bars} role="img" aria-label={label}>
      {points.map(({ day, short, ballots, missing }, index) => (
        <div key={day} className={styles.bar}>
          <div className={styles.barColumn}>
            <div className={styles.barMissing} style={{ height: `${(100 * Math.max(0, missing)) / top}%` }} />
            <div className={styles.barBallots} style={{ height: `${(100 * ballots) / top}%` }} />
          </div>
          <span className={wide && index % 4 !== 0 && index !== points.length - 1 ? styles.barQuiet : undefined}>
            {short}
          </span>
        </div>
      ))}
    </div>
  )
}
