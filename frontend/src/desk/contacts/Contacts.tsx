import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Ask } from '@/ui/Ask'
import { useFormat } from '@/lib/format'
import { hasRole, useSession } from '@/lib/session'
import { useLocal } from '@/ui/text'
import { useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { ContactForm } from './ContactForm'
import { contactsQuery } from '@/data/desk'

/** The contact log of my districts, for help that is about no proposal yet, too. */
export function Contacts() {
  return <AskPage query={useRound()}>{(round) => <ContactsPage round={round} />}</AskPage>
}

function ContactsPage({ round }: { round: Round }) {
  const { t } = useTranslation(['desk', 'shell'])
  const local = useLocal()
  const session = useSession()
  const { date, number } = useFormat()
  const areas = round.settings.areas
    .filter(({ id }) => hasRole(session, 'official') || session?.areas.includes(id))
    .map(({ id, name }) => ({ value: id, label: local(name) }))
  const named = (id: string) => local(round.settings.areas.find((area) => area.id === id)?.name ?? { fi: id })
  return (
    <Page
      title={t('contacts.heading')}
      above={[
        { to: '/desk', text: t('title') },
        { to: `/desk/${round.id}`, text: local(round.name) },
      ]}
      lead={t('contacts.lead')}
    >
      <div className="desk-case">
        <Ask query={useQuery(contactsQuery(round.id))}>
          {(contacts) => (
            <section className="stack">
              <h2>{t('contacts.latest')}</h2>
              <p>
                {t('contacts.sum', {
                  count: contacts.length,
                  minutes: number(contacts.reduce((sum, { minutes }) => sum + minutes, 0)),
                })}
              </p>
              <ul className="plain desk-timeline">
                {contacts.map(({ id, at, by, area, proposal, channel, topic, minutes }) => (
                  <li key={id} className="desk-step">
                    <strong>{named(area)}</strong>
                    <span>
                      {t('contacts.line', {
                        date: date(at),
                        channel: t(`contacts.channels.${channel}`),
                        topic: t(`contacts.topics.${topic}`),
                        count: minutes,
                        name: by,
                      })}
                    </span>
                    {proposal && (
                      <Link to={`/desk/${round.id}/${String(proposal)}`}>
                        {t('contacts.proposal', { number: proposal })}
                      </Link>
                    )}
                  </li>
                ))}
              </ul>
            </section>
          )}
        </Ask>
        <section className="stack">
          <h2>{t('contacts.new')}</h2>
          <ContactForm round={round.id} areas={areas} />
        </section>
      </div>
    </Page>
  )
}
