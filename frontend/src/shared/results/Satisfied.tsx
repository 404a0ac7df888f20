import { useTranslation } from '@/lib/i18n'
import type { Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import style from './rows.module.css'

/** From so many on, voters are counted together: where one may pick as many as one likes there would be no end of rows. */
const most = 8

/** Voters by their funded picks, without the empty rows at the end. */
function grouped(picks: number[]): number[] {
  const some = picks.slice(0, picks.findLastIndex((count) => count > 0) + 1)
  if (some.length <= most + 1) return some
  return [...some.slice(0, most), some.slice(most).reduce((sum, count) => sum + count, 0)]
}

/** How many voters got none of their picks, how many one, and so on: a table whose rows have bars. */
export function Satisfied({ measures }: { measures: Schemas['Measures'] }) {
  const { t } = useTranslation('results')
  const { number, percent } = useFormat()
  const { by_funded_picks: picks, voters } = measures
  const rows = grouped(picks)
  const isGrouped = picks.findLastIndex((count) => count > 0) > most
  return (
    <section className="stack">
      <h3>{t('picks.heading')}</h3>
      <p>{t('picks.lead', { average: number(Math.round(measures.picks * 10) / 10) })}</p>
      <table className={style.picks}>
        <caption className="visually-hidden">{t('picks.heading')}</caption>
        <thead className="visually-hidden">
          <tr>
            <th scope="col">{t('picks.funded')}</th>
            <th scope="col">{t('picks.share')}</th>
            <th scope="col">{t('picks.voters')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((count, funded) => (
            <tr key={funded}>
              <th scope="row">
                {t(funded === most && isGrouped ? 'picks.many' : 'picks.row', {
                  count: funded,
                  number: number(funded),
                })}
              </th>
              <td>
                <span className={style.share}>{percent(count / Math.max(1, voters))}</span>
                <svg className={style.bar} viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                  <rect
                    width={String((100 * count) / Math.max(1, voters))}
                    height="1"
                    className={funded === 0 ? style.lost : undefined}
                  />
                </svg>
              </td>
              <td className={style.count}>{number(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
