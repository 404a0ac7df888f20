import { useQuery } from '@tanstack/react-query'
import { lazy } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link, Route, Routes } from '@/lib/router'
import { Card, StatusLabel } from '@/ui/hds'
import { Sheet } from './estimate/Sheet'
import { Ask } from '@/ui/Ask'
import { useFormat } from '@/lib/format'
import { hasRole, useSession } from '@/lib/session'
import { Local } from '@/ui/text'
import { roundsQuery } from '@/data/round'
import { Only } from '@/ui/Only'
import { MergePage } from './merge/MergePage'
import { Page } from '@/ui/Page'
import { Case } from './case/Case'
import { Contacts } from './contacts/Contacts'
import { DeskSettings } from './settings/DeskSettings'
import { Enquiries } from './enquiry/Enquiries'
import { classes } from '@/lib/classes'
import styles from './desk.module.css'
import { Queue } from './queue/Queue'
import { Reported } from './discussion/Reported'

const EventDesk = lazy(() => import('./event/EventDesk'))
const EventEditor = lazy(() => import('./event/EventEditor'))
const Overview = lazy(() => import('./overview/Overview'))
const Equality = lazy(() => import('./equality/Equality'))
const MyDeliveries = lazy(() => import('./delivery/MyDeliveries'))
const DeliveryImport = lazy(() => import('./delivery/Import'))
const EventList = lazy(() => import('./event/EventList'))
const ReportPage = lazy(() => import('./delivery/ReportPage'))
const Translations = lazy(() => import('./translation/Translations'))
const Assisted = lazy(() => import('./assisted/Assisted'))

/** The Stadiluotsi's desk: her districts' queue and one proposal at a time. */
export default function Desk() {
  const { t } = useTranslation('desk')
  return (
    <Only roles={['facilitator', 'expert', 'official']} title={t('title')}>
      <Routes>
        <Route path="/" element={<Rounds />} />
        <Route path="/delivery" element={<MyDeliveries />} />
        <Route path="/:round/delivery" element={<DeliveryImport />} />
        <Route path="/:round/delivery/:project/:site" element={<ReportPage />} />
        <Route path="/:round" element={<Queue />} />
        <Route path="/:round/comments" element={<Reported />} />
        <Route path="/:round/questions" element={<Enquiries />} />
        <Route path="/:round/contacts" element={<Contacts />} />
        <Route path="/:round/settings" element={<DeskSettings />} />
        <Route path="/:round/events" element={<EventDesk />} />
        <Route path="/:round/events/:event" element={<EventEditor />} />
        <Route path="/:round/events/:event/list" element={<EventList />} />
        <Route path="/:round/overview" element={<Overview />} />
        <Route path="/:round/equality" element={<Equality />} />
        <Route path="/:round/sheet/:division" element={<Sheet />} />
        <Route path="/:round/assisted/*" element={<Assisted />} />
        <Route path="/:round/translations/*" element={<Translations />} />
        <Route path="/:round/merge" element={<MergePage kind="merge" />} />
        <Route path="/:round/split" element={<MergePage kind="split" />} />
        <Route path="/:round/:proposal" element={<Case />} />
      </Routes>
    </Only>
  )
}

/** The rounds whose proposals are being handled come first; the others stay for looking back. */
function Rounds() {
  const { t } = useTranslation(['desk', 'phase', 'delivery'])
  const session = useSession()
  const { lastDay } = useFormat()
  return (
    <Page
      title={t('title')}
      lead={
        <div className="stack-s">
          <p>{t('lead')}</p>
          {hasRole(session, 'expert', 'official') && (
            <p>
              <Link to="/desk/delivery">{t('delivery:desk.title')}</Link>
            </p>
          )}
        </div>
      }
    >
      <Ask query={useQuery(roundsQuery)}>
        {(rounds) => {
          const open = rounds.filter(({ phase }) => phase === 'proposing' || phase === 'vetting')
          const rest = rounds.filter((round) => !open.includes(round) && round.phase !== 'draft')
          return (
            <ul className={classes('plain', styles.rounds)}>
              {[...open, ...rest].map((round) => (
                <Card as="li" key={round.id} className={styles.round}>
                  <h2>
                    <Link to={`/desk/${round.id}`}>
                      <Local text={round.name} />
                    </Link>
                  </h2>
                  <p className="tags">
                    <StatusLabel kind={open.includes(round) ? 'info' : undefined}>
                      {t(`phase:${round.phase}`)}
                    </StatusLabel>
                    {round.rehearsal && <StatusLabel kind="alert">{t('rehearsal')}</StatusLabel>}
                  </p>
                  {open.includes(round) && <p>{t('decide_by', { date: lastDay(round.times.vetting.closes) })}</p>}
                </Card>
              ))}
              {rounds.length === 0 && <li>{t('no_rounds')}</li>}
            </ul>
          )
        }}
      </Ask>
    </Page>
  )
}
