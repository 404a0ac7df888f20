import { useTranslation } from '@/lib/i18n'
import { useMyEvents } from '@/data/account'
import { useFormat, useLang } from '@/lib/format'
import { EventCard } from '@/shared/event/EventCard'
import css from '@/shared/event/event.module.css'
import { AnchorButton } from '@/ui/hds'
import { useLocal } from '@/ui/text'

/** The coming events that I have signed up for, each for my own calendar, which hears of changes; silent where there are none. */
export function MyEvents() {
  const { t } = useTranslation(['account', 'event'])
  const { number } = useFormat()
  const lang = useLang()
  const local = useLocal()
  const { mine } = useMyEvents()
  if (mine.length === 0) return null
  return (
    <section className="stack">
      <h2>{t('events.heading')}</h2>
      <ul className={`plain ${css.list}`}>
        {mine.map(({ round, event, seat }) => (
          <EventCard key={event.id} event={event} round={round}>
            <p>{seat.waiting ? t('event:seat.waiting', { number: number(seat.waiting) }) : t('event:seat.mine')}</p>
            {event.state === 'published' && (
              <div className="actions">
                <AnchorButton
                  small
                  variant="secondary"
                  start="calendar"
                  aria-label={t('events.calendar_of', { event: local(event.text.title) })}
                  href={`webcal://${location.host}/api/v1/rounds/${round.id}/events/${String(event.id)}/calendar.ics?language=${lang}`}
                >
                  {t('events.calendar')}
                </AnchorButton>
              </div>
            )}
          </EventCard>
        ))}
      </ul>
    </section>
  )
}
