import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link, useParams } from '@/lib/router'
import { AnchorButton, Button, Notification, StatusLabel, Tag } from '@/ui/hds'
import { useFormat, useLang } from '@/lib/format'
import { inLang, Local, useLocal } from '@/ui/text'
import { useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Missing } from '@/ui/Missing'
import { Page } from '@/ui/Page'
import { classes } from '@/lib/classes'
import styles from '@/shared/event/event.module.css'
import eventStyles from './events.module.css'
import { eventQuery, spokenText, type Event } from '@/data/event'
import { EventsOnMap } from './EventsOnMap'
import { SignUp } from './SignUp'

/** One event, at an address that stays. */
export default function EventOfRound() {
  return <AskPage query={useRound()}>{(round) => <OfRound round={round} />}</AskPage>
}

function OfRound({ round }: { round: Round }) {
  const id = Number(useParams().event)
  const valid = Number.isInteger(id) && id > 0
  const query = useQuery({ ...eventQuery(round.id, id), enabled: valid })
  if (!valid) return <Missing />
  return <AskPage query={query}>{(event) => <EventView round={round} event={event} />}</AskPage>
}

function EventView({ round, event }: { round: Round; event: Event }) {
  const { t } = useTranslation(['event', 'shell'])
  const lang = useLang()
  const { span } = useFormat()
  const local = useLocal()
  const [onMap, setOnMap] = useState(false)
  const { text, state } = event
  const title = inLang(text.title, lang)
  const area = round.settings.areas.find(({ id }) => id === text.area)
  return (
    <Page
      title={title.value || t('desk.untitled')}
      lang={title.lang === lang ? undefined : title.lang}
      above={[
        { to: `/${lang}`, text: t('shell:nav.home') },
        { to: `/${lang}/rounds/${round.id}`, text: local(round.name) },
        { to: `/${lang}/rounds/${round.id}/events`, text: t('title') },
      ]}
      lead={
        <div className="tags">
          {state !== 'published' && (
            <StatusLabel kind={state === 'cancelled' ? 'error' : 'alert'}>{t(`state.${state}`)}</StatusLabel>
          )}
          <Tag>{t(`kind.${text.kind}`)}</Tag>
          <Tag>{area ? <Local text={area.name} /> : t('whole_city')}</Tag>
        </div>
      }
    >
      <div className="stack-l">
        {state === 'draft' && <Notification kind="alert">{t('draft_note')}</Notification>}
        {state === 'cancelled' && (
          <Notification kind="error" label={t('cancelled.label')}>
            {event.reason && (
              <p className={styles.lines}>
                <Local text={event.reason} />
              </p>
            )}
          </Notification>
        )}
        <div className={eventStyles.columns}>
          <div className="stack-l">
            <section className="stack-s">
              <h2>{t('when')}</h2>
              <ul className={classes('plain', eventStyles.times)}>
                {text.times.map((time) => (
                  <li key={time.number}>
                    <time dateTime={time.begins}>{span(time.begins, time.ends)}</time>
                  </li>
                ))}
              </ul>
            </section>
            <section className="stack-s">
              <h2>{t('where')}</h2>
              <p>
                {text.place}
                <br />
                {text.address}
              </p>
              {text.point && (
                <div className="no-print">
                  <Button
                    small
                    variant="secondary"
                    start="map"
                    aria-expanded={onMap}
                    onClick={() => {
                      setOnMap(!onMap)
                    }}
                  >
                    {t(onMap ? 'map.hide' : 'map.show')}
                  </Button>
                </div>
              )}
              {onMap && <EventsOnMap round={round.id} events={[event]} />}
            </section>
            <section className="stack-s">
              <h2>{t('about')}</h2>
              <p className={styles.lines} dir="auto">
                <Local text={text.about} />
              </p>
            </section>
            <Outcome round={round} event={event} />
          </div>
          <div className="stack-l">
            <SignUp round={round} event={event} />
            <section className="stack-s">
              <h2>{t('languages')}</h2>
              <p>{text.languages.map((one) => spokenText(lang, one)).join(', ')}</p>
            </section>
            <section className="stack-s">
              <h2>{t('access.heading')}</h2>
              {text.access.length > 0 ? (
                <ul>
                  {text.access.map((one) => (
                    <li key={one}>{t(`access.${one}`)}</li>
                  ))}
                </ul>
              ) : (
                <p>{t('access.none')}</p>
              )}
              {local(text.access_note) && (
                <p className={styles.lines}>
                  <Local text={text.access_note} />
                </p>
              )}
              <p className="muted">{t('access.needs')}</p>
            </section>
            <div className="actions no-print">
              {state !== 'draft' && (
                <AnchorButton
                  small
                  variant="secondary"
                  start="calendar"
                  href={`/api/v1/rounds/${round.id}/events/${String(event.id)}/calendar.ics?language=${lang}`}
                >
                  {t('calendar.one')}
                </AnchorButton>
              )}
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
              {event.may.length > 0 && <a href={`/desk/${round.id}/events/${String(event.id)}`}>{t('arrange')}</a>}
            </div>
          </div>
        </div>
      </div>
    </Page>
  )
}

function Outcome({ round, event: { summary, proposals } }: { round: Round; event: Event }) {
  const { t } = useTranslation('event')
  const lang = useLang()
  if (!summary && !proposals) return null
  return (
    <section className="stack-s">
      <h2>{t('outcome.heading')}</h2>
      {summary && (
        <p className={styles.lines}>
          <Local text={summary} />
        </p>
      )}
      {proposals && (
        <>
          <h3>{t('outcome.proposals')}</h3>
          <ul>
            {proposals.map(({ id, title }) => (
              <li key={id} dir="auto">
                <Link to={`/${lang}/rounds/${round.id}/proposals/${String(id)}`}>{title}</Link>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
