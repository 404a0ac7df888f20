import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Link, useSearchParams } from '@/lib/router'
import { AnchorButton, Button, Select } from '@/ui/hds'
import { Ask } from '@/ui/Ask'
import { useLang } from '@/lib/format'
import { useLocal } from '@/ui/text'
import { useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { EventCard } from '@/shared/event/EventCard'
import { classes } from '@/lib/classes'
import styles from './events.module.css'
import eventStyles from '@/shared/event/event.module.css'
import {
  eventFilterOf,
  eventsQuery,
  kinds,
  spokenLanguages,
  spokenText,
  type EventFilter,
  monthText,
} from '@/data/event'
import { EventsOnMap } from './EventsOnMap'

/** What is on, from now or in a month. The address holds the filter. */
export default function Events() {
  const query = useRound()
  const { t } = useTranslation('event')
  return (
    <AskPage query={query} title={t('title')}>
      {(round) => <EventsPage round={round} />}
    </AskPage>
  )
}

function EventsPage({ round }: { round: Round }) {
  const { t } = useTranslation(['event', 'shell'])
  const lang = useLang()
  const local = useLocal()
  const [params, setParams] = useSearchParams()
  const filter = eventFilterOf(params)
  const query = useQuery(eventsQuery(round.id, filter))
  const onMap = params.get('map') === 'yes'
  const with_ = (key: string, value: string) => {
    const next = new URLSearchParams(params)
    if (value) next.set(key, value)
    else next.delete(key)
    return next
  }
  const set = (key: string, value: string) => {
    setParams(with_(key, value))
  }
  const all = { value: '', label: t('filter.all') }
  return (
    <Page
      title={t('title')}
      above={[
        { to: `/${lang}`, text: t('shell:nav.home') },
        { to: `/${lang}/rounds/${round.id}`, text: local(round.name) },
      ]}
      lead={<p className="no-print">{t('lead')}</p>}
    >
      <div className="stack-l">
        <div className={classes(styles.filters, 'no-print')} role="group" aria-label={t('filter.label')}>
          <Select
            label={t('filter.area')}
            value={filter.area ?? ''}
            onChange={(event) => {
              set('area', event.target.value)
            }}
            options={[all, ...round.settings.areas.map(({ id, name }) => ({ value: id, label: local(name) }))]}
          />
          <Select
            label={t('filter.kind')}
            value={filter.kind ?? ''}
            onChange={(event) => {
              set('kind', event.target.value)
            }}
            options={[all, ...kinds.map((one) => ({ value: one, label: t(`kind.${one}`) }))]}
          />
          <Select
            label={t('filter.spoken')}
            value={filter.spoken ?? ''}
            onChange={(event) => {
              set('spoken', event.target.value)
            }}
            options={[all, ...spokenLanguages.map((one) => ({ value: one, label: spokenText(lang, one) }))]}
          />
        </div>
        <div className="actions no-print">
          <Button
            small
            variant="secondary"
            start="map"
            aria-expanded={onMap}
            onClick={() => {
              set('map', onMap ? '' : 'yes')
            }}
          >
            {t(onMap ? 'map.hide' : 'map.show')}
          </Button>
          <Button
            small
            variant="secondary"
            start="printer"
            onClick={() => {
              window.print()
            }}
          >
            {t('print')}
          </Button>
        </div>
        {filter.kind === 'voting' && (
          <p className="no-print">
            <Link to={`/${lang}/about/paper`}>{t('paper')}</Link>
          </p>
        )}
        <section className="stack">
          <h2 aria-live="polite">
            {filter.month ? t('of_month', { month: monthText(lang, filter.month) }) : t('upcoming')}
          </h2>
          <Ask query={query}>
            {({ events, earlier, later }) => (
              <>
                {onMap && <EventsOnMap round={round.id} events={events} />}
                {events.length === 0 && <p>{t('none')}</p>}
                <ul className={classes('plain', eventStyles.list)}>
                  {events.map((event) => (
                    <EventCard key={event.id} event={event} round={round} />
                  ))}
                </ul>
                <nav aria-label={t('months')} className={classes(styles.months, 'no-print')}>
                  {earlier && (
                    <Link to={{ search: with_('month', earlier).toString() }}>
                      {t('earlier', { month: monthText(lang, earlier) })}
                    </Link>
                  )}
                  {filter.month && <Link to={{ search: with_('month', '').toString() }}>{t('to_upcoming')}</Link>}
                  {later && (
                    <Link to={{ search: with_('month', later).toString() }}>
                      {t('later', { month: monthText(lang, later) })}
                    </Link>
                  )}
                </nav>
              </>
            )}
          </Ask>
        </section>
        <Subscribe round={round.id} filter={filter} />
      </div>
    </Page>
  )
}

/** The same choice as a calendar's address. */
function Subscribe({ round, filter }: { round: string; filter: EventFilter }) {
  const { t } = useTranslation('event')
  const lang = useLang()
  const query = new URLSearchParams({ language: lang })
  for (const [key, value] of Object.entries({ area: filter.area, kind: filter.kind, spoken: filter.spoken }))
    if (value) query.set(key, value)
  const path = `/api/v1/rounds/${round}/events.ics?${query.toString()}`
  return (
    <section className="stack no-print">
      <h2>{t('calendar.heading')}</h2>
      <p>{t('calendar.text')}</p>
      <p className={styles.address}>
        <code>{location.origin + path}</code>
      </p>
      <div className="actions">
        <AnchorButton small start="calendar" href={`webcal://${location.host}${path}`}>
          {t('calendar.subscribe')}
        </AnchorButton>
        <AnchorButton small variant="secondary" start="download" href={path}>
          {t('calendar.download')}
        </AnchorButton>
      </div>
    </section>
  )
}
