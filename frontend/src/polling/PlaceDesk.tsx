import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Link, useParams } from '@/lib/router'
import { placesQuery, type Place } from '@/data/polling'
import { isFrozen, useRound, type Round } from '@/data/round'
import { useFormat, useLang } from '@/lib/format'
import { AskPage } from '@/ui/AskPage'
import { Notification } from '@/ui/hds'
import { Missing } from '@/ui/Missing'
import { Page } from '@/ui/Page'
import { useLocal } from '@/ui/text'
import { Kiosks } from './Kiosks'
import { LookUp } from './LookUp'
import { UndoPaper } from './UndoPaper'
import styles from './polling.module.css'

/** One voting place, as those see it who work there. */
export function PlaceDesk() {
  return <AskPage query={useRound()}>{(round) => <OfRound round={round} />}</AskPage>
}

function OfRound({ round }: { round: Round }) {
  const { place: id } = useParams()
  return (
    <AskPage query={useQuery(placesQuery(round.id))}>
      {(places) => {
        const place = places.find((one) => String(one.id) === id)
        return place?.kiosks ? <Desk round={round} place={place} /> : <Missing />
      }}
    </AskPage>
  )
}

function Desk({ round, place }: { round: Round; place: Place }) {
  const { t } = useTranslation('polling')
  const lang = useLang()
  const local = useLocal()
  return (
    <Page
      title={local(place.title)}
      above={[
        { to: '/polling', text: t('title') },
        { to: `/polling/${round.id}`, text: local(round.name) },
      ]}
      lead={`${place.place}, ${place.address}`}
    >
      <div className="stack-l">
        {round.phase === 'voting' ? (
          <>
            <LookUp round={round} place={place} />
            <UndoPaper round={round} place={place} />
          </>
        ) : (
          <Notification label={t('desk.shut')}>{t('desk.shut_text')}</Notification>
        )}
        <Kiosks round={round} place={place} />
        {isFrozen(round) && (
          <p>
            <a href={`/${lang}/rounds/${round.id}/vote/sample`}>{t('desk.sample')}</a>
          </p>
        )}
        <Hours place={place} />
        <p>
          <Link to={`/polling/${round.id}/${String(place.id)}/certificate`}>{t('certificate.link')}</Link>
        </p>
      </div>
    </Page>
  )
}

/** What was done here, by the hour. */
function Hours({ place }: { place: Place }) {
  const { t } = useTranslation('polling')
  const { dateTime, number } = useFormat()
  const hours = place.hours ?? []
  const columns = ['look_up', 'code', 'kiosk', 'paper'] as const
  const helped = hours.filter(({ what }) => what.startsWith('help_')).reduce((sum, { n }) => sum + n, 0)
  const sum = (what: string) => number(hours.filter((one) => one.what === what).reduce((all, { n }) => all + n, 0))
  const begins = [...new Set(hours.map((hour) => hour.begins))].toSorted().reverse()
  const of = (begin: string, what: string) => hours.find((one) => one.begins === begin && one.what === what)?.n ?? 0
  return (
    <section className="stack">
      <h2>{t('hours.heading')}</h2>
      {begins.length === 0 ? (
        <p>{t('hours.none')}</p>
      ) : (
        <>
          <div className={styles.scroll} role="region" aria-label={t('hours.heading')} tabIndex={0}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('hours.hour')}</th>
                  {columns.map((what) => (
                    <th scope="col" key={what}>
                      {t(`hours.${what}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {begins.map((begin) => (
                  <tr key={begin}>
                    <th scope="row">{dateTime(begin)}</th>
                    {columns.map((what) => (
                      <td key={what}>{number(of(begin, what))}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <p>{t('hours.helped', { count: helped, n: number(helped) })}</p>
          <p>
            {t('hours.undone_text', { spoiled: sum('spoiled'), returned: sum('returned'), mistake: sum('mistake') })}
          </p>
        </>
      )}
    </section>
  )
}
