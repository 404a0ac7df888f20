import { useTranslation } from '@/lib/i18n'
import type { Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import style from './delivery.module.css'

/** How many projects stand where: numbers, and the same as bars in a table. */
export function Summary({ summary }: { summary: Schemas['DeliverySummary'] }) {
  const { t } = useTranslation('delivery')
  const { number } = useFormat()
  const { all, late, done, cancelled, phases } = summary
  const most = Math.max(1, ...phases.map((one) => one.number))
  return (
    <section className={style.band}>
      <h2>{t('summary.heading')}</h2>
      <dl className={style.numbers}>
        {Object.entries({ all, done, late, cancelled }).map(([key, value]) => (
          <div key={key}>
            <dt>{t(`summary.${key as 'all' | 'done' | 'late' | 'cancelled'}`)}</dt>
            <dd>{number(value)}</dd>
          </div>
        ))}
      </dl>
      <table className={style.phases}>
        <caption>{t('summary.table')}</caption>
        <thead className="visually-hidden">
          <tr>
            <th scope="col">{t('summary.phase')}</th>
            <th scope="col">{t('summary.number')}</th>
          </tr>
        </thead>
        <tbody>
          {phases.map((one) => (
            <tr key={one.phase}>
              <th scope="row">{t(`phase.${one.phase}`)}</th>
              <td>
                <span className={style.bar}>
                  <span className={style.number}>{number(one.number)}</span>
                  <meter min={0} max={most} value={one.number} aria-hidden="true" />
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
