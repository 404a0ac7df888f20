import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { useLang } from '@/lib/format'
import type { Round } from '@/data/round'
import { EventCard } from '@/shared/event/EventCard'
import { eventsQuery } from '@/data/event'
import { classes } from '@/lib/classes'
import styles from '@/shared/event/event.module.css'
import eventStyles from './events.module.css'

/** What is on next in a round; nothing while nothing is known to be. */
export default function WhatsOn({ round }: { round: Round }) {
  const { t } = useTranslation('event')
  const lang = useLang()
  const { data } = useQuery(eventsQuery(round.id, {}, 3))
  if (!data?.events.length) return null
  return (
    <section className="stack">
      <h2>{t('whats_on.heading')}</h2>
      <ul className={classes('plain', styles.list)}>
        {data.events.map((event) => (
          <EventCard key={event.id} event={event} round={round} />
        ))}
      </ul>
      <p className={eventStyles.more}>
        <Link to={`/${lang}/rounds/${round.id}/events`}>{t('whats_on.all')}</Link>
        {round.phase === 'voting' && (
          <Link to={`/${lang}/rounds/${round.id}/events?kind=voting`}>{t('whats_on.voting')}</Link>
        )}
      </p>
    </section>
  )
}
