import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { announce } from '@/lib/announce'
import { ask, office, type Schemas } from '@/lib/api'
import { Ask } from '@/ui/Ask'
import { Button, Confirm } from '@/ui/hds'
import { Trouble } from '@/ui/problem/Trouble'
import { useFormat, useLang } from '@/lib/format'
import { hasRole, useSession } from '@/lib/session'
import { useLocal } from '@/ui/text'
import { useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { ContactForm } from './ContactForm'
import { contactsQuery } from '@/data/desk'
import { classes } from '@/lib/classes'
import styles from './contacts.module.css'
import workStyles from '@/ui/work.module.css'

/** The contact log of my districts, for help that is about no proposal yet, too. */
export function Contacts() {
  return <AskPage query={useRound()}>{(round) => <ContactsPage round={round} />}</AskPage>
}

function ContactsPage({ round }: { round: Round }) {
  const { t } = useTranslation(['desk', 'shell'])
  const local = useLocal()
  const session = useSession()
  const { number } = useFormat()
  const lang = useLang()
  const areas = round.settings.areas
    .filter(({ id }) => hasRole(session, 'official') || session?.areas.includes(id))
    .map(({ id, name }) => ({ value: id, label: local(name) }))
  return (
    <Page
      title={t('contacts.heading')}
      above={[
        { to: '/desk', text: t('title') },
        { to: `/desk/${round.id}`, text: local(round.name) },
      ]}
      lead={t('contacts.lead')}
    >
      <div className={classes(styles.columns, styles.formFirst)}>
        <section className="stack">
          <h2>{t('contacts.new')}</h2>
          <ContactForm round={round.id} areas={areas} />
        </section>
        <Ask query={useQuery(contactsQuery(round.id))}>
          {(contacts) => (
            <section className="stack">
              <h2>{t('contacts.latest')}</h2>
              {contacts.length > 0 && (
                <p className="actions">
                  {(['xlsx', 'csv'] as const).map((format) => (
                    <a
                      key={format}
                      href={`/api/v1/rounds/${round.id}/contact-log?format=${format}&language=${lang}`}
                      download={`${round.id}-contacts.${format}`}
                    >
                      {t(`queue.export_${format}`)}
                    </a>
                  ))}
                </p>
              )}
              <p>
                {t('contacts.sum', {
                  count: counted(contacts).length,
                  minutes: number(counted(contacts).reduce((sum, { minutes }) => sum + minutes, 0)),
                })}
              </p>
              <ul className={classes('plain', workStyles.timeline)}>
                {contacts.map((contact) => (
                  <Line key={contact.id} round={round} contact={contact} />
                ))}
              </ul>
            </section>
          )}
        </Ask>
      </div>
    </Page>
  )
}

type Contact = Schemas['Contact']

const counted = (contacts: Contact[]) => contacts.filter(({ struck_by }) => !struck_by)

/** One occasion of help. One that was noted by mistake is struck out, with a trace of who did that. */
function Line({ round, contact }: { round: Round; contact: Contact }) {
  const { t } = useTranslation('desk')
  const local = useLocal()
  const { date } = useFormat()
  const cache = useQueryClient()
  const [asking, setAsking] = useState(false)
  const strike = useMutation({
    mutationFn: () =>
      ask(
        office.DELETE('/api/v1/rounds/{round}/contacts/{contact}', {
          params: { path: { round: round.id, contact: contact.id } },
        }),
      ),
    onSuccess: () => {
      announce(t('contacts.struck'))
      return cache.invalidateQueries({ queryKey: contactsQuery(round.id).queryKey })
    },
    onSettled: () => {
      setAsking(false)
    },
  })
  const { at, by, area, proposal, channel, topic, minutes, struck_by } = contact
  const stop = () => {
    setAsking(false)
  }
  const line = t('contacts.line', {
    date: date(at),
    channel: t(`contacts.channels.${channel}`),
    topic: t(`contacts.topics.${topic}`),
    count: minutes,
    name: by,
  })
  return (
    <li className={workStyles.step}>
      <strong>{local(round.settings.areas.find(({ id }) => id === area)?.name ?? { fi: area })}</strong>
      <span>{struck_by ? <s>{line}</s> : line}</span>
      {struck_by && <span className="muted">{t('contacts.struck_by', { name: struck_by })}</span>}
      {proposal && (
        <Link to={`/desk/${round.id}/${String(proposal)}`}>{t('contacts.proposal', { number: proposal })}</Link>
      )}
      {strike.error && <Trouble cause={strike.error} />}
      {!struck_by && (
        <div className="actions">
          <Button
            small
            variant="supplementary"
            onClick={() => {
              setAsking(true)
            }}
          >
            {t('contacts.strike')}
            <span className="visually-hidden">: {line}</span>
          </Button>
        </div>
      )}
      <Confirm
        open={asking}
        title={t('contacts.strike_ask')}
        action={t('contacts.strike')}
        keep={t('contacts.strike_keep')}
        busy={strike.isPending}
        onConfirm={() => {
          strike.mutate()
        }}
        onClose={stop}
      >
        <p>{line}</p>
        <p>{t('contacts.strike_does')}</p>
      </Confirm>
    </li>
  )
}
