import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useSearchParams } from '@/lib/router'
import { emailsQuery, emailStates } from '@/data/office'
import { roundsQuery } from '@/data/round'
import type { Schemas } from '@/lib/api'
import { useFormat, useLang } from '@/lib/format'
import { useTranslation } from '@/lib/i18n'
import { More } from '@/ui/More'
import { Ask } from '@/ui/Ask'
import { SearchForm } from '@/ui/form/SearchForm'
import { StatusLabel } from '@/ui/hds'
import { Page } from '@/ui/Page'
import { useLocal } from '@/ui/text'
import { Filter } from './Filter'
import audit from './audit.module.css'
import css from './people.module.css'

const colours = { waiting: 'info', tried: 'alert', sent: 'success', unwanted: undefined, bounced: 'error' } as const

/** What became of the e-mails of the last month; never to whom they went. */
export function Emails() {
  const { t } = useTranslation('office')
  const local = useLocal()
  const lang = useLang()
  const { number } = useFormat()
  const [params, setParams] = useSearchParams()
  const rounds = useQuery(roundsQuery).data ?? []
  const filter = { round: params.get('round') ?? '', state: emailStates.find((one) => one === params.get('state')) }
  const query = useInfiniteQuery(emailsQuery(filter.round, filter.state, lang))
  const choose = (name: 'round' | 'state', value: string) => {
    setParams((old) => {
      const next = new URLSearchParams(old)
      if (value) next.set(name, value)
      else next.delete(name)
      return next
    })
  }
  return (
    <Page title={t('emails.title')} lead={t('emails.lead')} above={[{ to: '/office', text: t('title') }]}>
      <div className="stack">
        <SearchForm aria-label={t('people.filter')} className={audit.filters} onSearch={() => undefined}>
          <Filter label={t('emails.round')}>
            {(id) => (
              <select
                id={id}
                value={filter.round}
                onChange={({ target: { value } }) => {
                  choose('round', value)
                }}
              >
                <option value="">{t('emails.every_round')}</option>
                {rounds.map((one) => (
                  <option key={one.id} value={one.id}>
                    {local(one.name)}
                  </option>
                ))}
              </select>
            )}
          </Filter>
          <Filter label={t('emails.state')}>
            {(id) => (
              <select
                id={id}
                value={filter.state ?? ''}
                onChange={({ target: { value } }) => {
                  choose('state', value)
                }}
              >
                <option value="">{t('emails.every_state')}</option>
                {emailStates.map((one) => (
                  <option key={one} value={one}>
                    {t(`emails.states.${one}`)}
                  </option>
                ))}
              </select>
            )}
          </Filter>
        </SearchForm>
        <Ask query={query}>
          {({ pages }) => {
            const emails = pages.flatMap((page) => page.emails)
            return (
              <>
                <p role="status">
                  {pages[0]?.counts
                    .map(({ state, count }) => `${t(`emails.states.${state}`)}: ${number(count)}`)
                    .join(' · ')}
                </p>
                {emails.length > 0 ? <Rows emails={emails} /> : <p>{t('emails.none')}</p>}
                <More query={query} small>
                  {t('emails.more')}
                </More>
              </>
            )
          }}
        </Ask>
      </div>
    </Page>
  )
}

function Rows({ emails }: { emails: Schemas['ListedEmail'][] }) {
  const { t } = useTranslation('office')
  const { dateTime } = useFormat()
  return (
    <table className={css.people}>
      <thead>
        <tr>
          <th scope="col">{t('emails.subject')}</th>
          <th scope="col">{t('emails.about')}</th>
          <th scope="col">{t('emails.state')}</th>
          <th scope="col">{t('emails.written')}</th>
          <th scope="col">{t('emails.last')}</th>
        </tr>
      </thead>
      <tbody>
        {emails.map((one) => (
          <tr key={one.id}>
            <th scope="row">{one.subject}</th>
            <td data-label={t('emails.about')}>
              <About email={one} />
            </td>
            <td data-label={t('emails.state')}>
              <StatusLabel kind={colours[one.state]}>{t(`emails.states.${one.state}`)}</StatusLabel>
              {one.tries > 1 && <> {t('emails.tries', { count: one.tries })}</>}
            </td>
            <td data-label={t('emails.written')}>{dateTime(one.written_at)}</td>
            <td data-label={t('emails.last')}>
              {one.settled_at
                ? dateTime(one.settled_at)
                : one.due_at && t('emails.due', { time: dateTime(one.due_at) })}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function About({ email: { round, proposal, event } }: { email: Schemas['ListedEmail'] }) {
  const { t } = useTranslation('office')
  if (round && proposal)
    return <a href={`/desk/${round}/${String(proposal)}`}>{t('emails.proposal', { number: proposal })}</a>
  if (round && event)
    return <a href={`/desk/${round}/events/${String(event)}`}>{t('emails.event', { number: event })}</a>
  if (round) return <Link to={`/office/${round}`}>{round}</Link>
  return <>–</>
}
