import { useQuery } from '@tanstack/react-query'
import { batchesQuery } from '@/data/paper'
import { alarmsOf, declaredAt, sumsOf, type Place } from '@/data/polling'
import { useTranslation } from '@/lib/i18n'
import { useFormat } from '@/lib/format'
import { Notification } from '@/ui/hds'
import { Local } from '@/ui/text'
import styles from './polling.module.css'

/** The day at all places, for officials: what was done today, and where numbers part that should go together. */
export function Watch({ round, places, now }: { round: string; places: Place[]; now: string }) {
  const { t } = useTranslation('polling')
  const { number } = useFormat()
  const { data: batches } = useQuery(batchesQuery(round))
  const columns = ['look_up', 'code', 'kiosk', 'paper', 'undone'] as const
  const all = places.map((place) => ({ place, sums: sumsOf(place, new Date(now)) }))
  const alarms = all.flatMap(({ place, sums }) =>
    alarmsOf(place, sums, new Date(now), batches && declaredAt(place, batches)).map((alarm) => ({ place, alarm })),
  )
  return (
    <section className="stack">
      <h2>{t('watch.heading')}</h2>
      {alarms.map(({ place, alarm }) => (
        <Notification
          key={`${String(place.id)} ${alarm}`}
          kind="alert"
          label={
            <>
              <Local text={place.title} />: {t(`watch.${alarm}`)}
            </>
          }
        >
          {t(`watch.${alarm}_text`)}
        </Notification>
      ))}
      <div className={styles.scroll} role="region" aria-label={t('watch.heading')} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('watch.place')}</th>
              {columns.map((what) => (
                <th scope="col" key={what}>
                  {t(`hours.${what}`)}
                </th>
              ))}
              <th scope="col">{t('kiosks.heading')}</th>
            </tr>
          </thead>
          <tbody>
            {all.map(({ place, sums }) => (
              <tr key={place.id}>
                <th scope="row">
                  <Local text={place.title} />
                </th>
                {columns.map((what) => (
                  <td key={what}>{number(sums[what])}</td>
                ))}
                <td>{number(place.kiosks?.filter(({ enrolled }) => enrolled).length ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
