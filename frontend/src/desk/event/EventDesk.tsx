import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { LinkButton } from '@/ui/hds'
import { Ask } from '@/ui/Ask'
import { useLocal } from '@/ui/text'
import { useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { EventCard } from '@/shared/event/EventCard'
import { deskEventsQuery } from '@/data/event'
import { classes } from '@/lib/classes'
import styles from '@/shared/event/event.module.css'

/** The events that I arrange, drafts included. */
export default function EventDesk() {
  return <AskPage query={useRound()}>{(round) => <DeskPage round={round} />}</AskPage>
}

function DeskPage({ round }: { round: Round }) {
  const { t } = useTranslation(['event', 'desk'])
  const local = useLocal()
  return (
    <Page
      title={t('desk.title', { round: local(round.name) })}
      above={[
        { to: '/desk', text: t('desk:title') },
        { to: `/desk/${round.id}`, text: local(round.name) },
      ]}
      lead={
        <div className="stack">
          <p>{t('desk.lead')}</p>
          {round.phase !== 'archived' && (
            <div className="actions">
              <LinkButton start="plus" to={`/desk/${round.id}/events/new`}>
                {t('desk.new')}
              </LinkButton>
            </div>
          )}
        </div>
      }
    >
      <Ask query={useQuery(deskEventsQuery(round.id))}>
        {(events) =>
          events.length === 0 ? (
            <p>{t('desk.none')}</p>
          ) : (
            <ul className={classes('plain', styles.list)}>
              {events.map((event) => (
                <EventCard
                  key={event.id}
                  level={2}
                  event={event}
                  round={round}
                  to={`/desk/${round.id}/events/${String(event.id)}`}
                />
              ))}
            </ul>
          )
        }
      </Ask>
    </Page>
  )
}
