import type { ReactNode } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { Icon, StatusLabel, Tag } from '@/ui/hds'
import { useFormat, useLang } from '@/lib/format'
import { Local } from '@/ui/text'
import type { Round } from '@/data/round'
import styles from './event.module.css'
import { spokenText, type Event } from '@/data/event'

/** An event in a list: what, when, where. To says where its name leads; its children stand below. */
export function EventCard({
  event,
  round,
  to,
  level = 3,
  children,
}: {
  event: Event
  round: Round
  to?: string
  level?: 2 | 3
  children?: ReactNode
}) {
  const Heading = `h${level}` as const
  const { t } = useTranslation('event')
  const lang = useLang()
  const { span } = useFormat()
  const { text, state } = event
  // The time that comes next; of one that is over, the first.
  const next = text.times.find(({ ends }) => Date.parse(ends) > Date.parse(round.now)) ?? text.times[0]
  const now = Date.parse(round.now)
  const openNow =
    text.kind === 'voting' &&
    state === 'published' &&
    text.times.some(({ begins, ends }) => Date.parse(begins) <= now && now < Date.parse(ends))
  const area = round.settings.areas.find(({ id }) => id === text.area)
  return (
    <li className={styles.card}>
      <div className="tags">
        {state !== 'published' && (
          <StatusLabel kind={state === 'cancelled' ? 'error' : 'alert'}>{t(`state.${state}`)}</StatusLabel>
        )}
        {openNow && <StatusLabel kind="success">{t('open_now')}</StatusLabel>}
        <Tag>{t(`kind.${text.kind}`)}</Tag>
        <Tag>{area ? <Local text={area.name} /> : t('whole_city')}</Tag>
      </div>
      <Heading className={state === 'cancelled' ? styles.off : undefined} dir="auto">
        <Link to={to ?? `/${lang}/rounds/${round.id}/events/${String(event.id)}`}>
          {(text.title.fi ?? text.title.sv ?? text.title.en) ? <Local text={text.title} /> : t('desk.untitled')}
        </Link>
      </Heading>
      <p className={styles.facts}>
        <span>
          <Icon name="calendar" size="xs" />
          {next ? (
            <span>
              <time dateTime={next.begins}>{span(next.begins, next.ends)}</time>
              {text.times.length > 1 && ` ${t('more_times', { count: text.times.length - 1 })}`}
            </span>
          ) : (
            t('desk.no_times')
          )}
        </span>
        {text.place && (
          <span>
            <Icon name="location" size="xs" />
            {[text.place, text.address].filter(Boolean).join(', ')}
          </span>
        )}
        {text.languages.length > 0 && (
          <span>
            <Icon name="user" size="xs" />
            {text.languages.map((one) => spokenText(lang, one)).join(', ')}
          </span>
        )}
      </p>
      {children}
    </li>
  )
}
