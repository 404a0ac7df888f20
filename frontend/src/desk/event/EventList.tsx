import { useQuery } from '@tanstack/react-query'
import { useParams } from '@/lib/router'
import { eventFileQuery, eventQuery, type Event } from '@/data/event'
import { useRound, type Round } from '@/data/round'
import type { Schemas } from '@/lib/api'
import { classes } from '@/lib/classes'
import { useFormat } from '@/lib/format'
import { useTranslation } from '@/lib/i18n'
import { AskPage } from '@/ui/AskPage'
import { Button } from '@/ui/hds'
import { Missing } from '@/ui/Missing'
import { Page } from '@/ui/Page'
import { printSheet } from '@/ui/print'
import { useLocal } from '@/ui/text'
import styles from './list.module.css'

type Participant = Schemas['EventParticipant']

/** Who comes, on paper, for the door. */
export default function EventList() {
  const round = useRound()
  const { event } = useParams()
  const id = Number(event)
  if (!Number.isInteger(id) || id <= 0) return <Missing />
  return <AskPage query={round}>{(round) => <OfRound round={round} id={id} />}</AskPage>
}

function OfRound({ round, id }: { round: Round; id: number }) {
  // Paper does not follow what changes: it is printed from what is so now.
  const event = useQuery({ ...eventQuery(round.id, id), refetchOnMount: 'always' })
  const file = useQuery({ ...eventFileQuery(round.id, id), refetchOnMount: 'always' })
  return (
    <AskPage query={event}>
      {(event) => (
        <AskPage query={file}>
          {({ participants }) => <ListPage round={round} event={event} participants={participants} />}
        </AskPage>
      )}
    </AskPage>
  )
}

// Lines to write on: one for each free seat, not more than fill a page's foot.
const mostBlank = 12

function ListPage({ round, event, participants }: { round: Round; event: Event; participants: Participant[] }) {
  const { t } = useTranslation(['participant', 'event', 'desk'])
  const local = useLocal()
  const { number, span, dateTime } = useFormat()
  const { text } = event
  const coming = participants.filter(({ waiting }) => waiting === 0)
  const line = participants.filter(({ waiting }) => waiting > 0)
  const title = local(text.title)
  const blank = Math.min(mostBlank, text.seats > 0 ? Math.max(0, text.seats - coming.length) : mostBlank)
  return (
    <Page
      title={t('sheet.title', { event: title })}
      above={[
        { to: '/desk', text: t('desk:title') },
        { to: `/desk/${round.id}`, text: local(round.name) },
        { to: `/desk/${round.id}/events`, text: t('event:desk.link') },
        { to: `/desk/${round.id}/events/${String(event.id)}`, text: title },
      ]}
      lead={
        <div className="stack">
          <p>{t('sheet.lead')}</p>
          <div className="actions">
            <Button start="printer" onClick={printSheet}>
              {t('sheet.print')}
            </Button>
          </div>
        </div>
      }
    >
      <article className={classes('sheet', styles.list)}>
        <header>
          <h2 dir="auto">{title}</h2>
          {text.times.map(({ begins, ends }) => (
            <p key={begins}>{span(begins, ends)}</p>
          ))}
          <p>{[text.place, text.address].filter(Boolean).join(', ')}</p>
        </header>
        <People
          caption={
            text.seats > 0
              ? t('sheet.coming', { taken: number(coming.length), seats: number(text.seats) })
              : t('sheet.open', { taken: number(coming.length) })
          }
          people={coming}
        />
        {blank > 0 && <People caption={t('sheet.blank')} people={[]} blank={blank} />}
        {line.length > 0 && <People caption={t('sheet.line', { number: number(line.length) })} people={line} />}
        <p className={styles.foot}>
          {t('sheet.printed', { when: dateTime(round.now) })}. {t('sheet.destroy')}
        </p>
      </article>
    </Page>
  )
}

function People({ caption, people, blank = 0 }: { caption: string; people: Participant[]; blank?: number }) {
  const { t } = useTranslation('participant')
  const { number } = useFormat()
  return (
    <table>
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{t('sheet.number')}</th>
          <th scope="col">{t('sheet.name')}</th>
          <th scope="col">{t('sheet.came')}</th>
        </tr>
      </thead>
      <tbody>
        {people.map(({ id, name, walk_in: walkedIn }, index) => (
          <tr key={id}>
            <td>{number(index + 1)}</td>
            <td>
              <span dir="auto">{name || t('no_name')}</span>
              {walkedIn && ` (${t('walk_in')})`}
            </td>
            <td>
              <span className={classes(styles.box, walkedIn && styles.ticked)} aria-hidden="true" />
            </td>
          </tr>
        ))}
        {Array.from({ length: blank }, (_, index) => (
          <tr key={index}>
            <td>{number(index + 1)}</td>
            <td />
            <td>
              <span className={styles.box} aria-hidden="true" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
