import { useRef, type KeyboardEvent } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { colourOf, type Proposal } from '@/data/proposal'
import { neighbour, sorts, type QueueFilter, type Sort } from '@/data/queue'
import type { Round } from '@/data/round'
import { daysSince, daysUntil } from '@/lib/day'
import { useFormat } from '@/lib/format'
import { StatusLabel } from '@/ui/hds'
import { useLocal } from '@/ui/text'
import css from './queue.module.css'

interface Rows {
  round: Round
  proposals: Proposal[]
  filter: QueueFilter
  /** Of the address, so that the case leads back and on. */
  search: string
  checks: number
  mayPick: (proposal: Proposal) => boolean
  picked: (id: number) => boolean
  onPick: (proposal: Proposal) => void
  onSort: (sort: Sort) => void
}

/** The queue as a table; on a phone each row takes two lines. */
export function QueueTable(props: Rows) {
  const { proposals, filter, onSort } = props
  const { t } = useTranslation(['desk', 'expert'])
  const body = useRef<HTMLTableSectionElement>(null)
  // Only where the focus is in the list already (WCAG 2.1.4): nobody who dictates or listens sets these off elsewhere.
  const onKey = (event: KeyboardEvent<HTMLTableSectionElement>) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !(event.target instanceof HTMLElement)) return
    const links = [...(body.current?.querySelectorAll<HTMLElement>('th a') ?? [])]
    const row = event.target.closest('tr')
    const at = links.findIndex((link) => row?.contains(link))
    const to = neighbour(event.key, at, links.length)
    if (to !== undefined) {
      event.preventDefault()
      links[to]?.focus()
    } else if (event.key === 'x') {
      event.preventDefault()
      row?.querySelector<HTMLElement>('input[type=checkbox]')?.click()
    }
  }
  return (
    <table className={css.table}>
      <caption className="visually-hidden">{t('queue.table')}</caption>
      <thead>
        <tr>
          <td />
          {sorts.map((sort) => (
            <th
              key={sort}
              scope="col"
              className={css[sort]}
              aria-sort={filter.sort === sort ? (filter.descending ? 'descending' : 'ascending') : undefined}
            >
              <button
                type="button"
                onClick={() => {
                  onSort(sort)
                }}
              >
                {t(`queue.columns.${sort}`)}
                <span aria-hidden="true">{filter.sort === sort ? (filter.descending ? ' ↓' : ' ↑') : ''}</span>
              </button>
            </th>
          ))}
        </tr>
      </thead>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- moves the focus between the links in it */}
      <tbody ref={body} onKeyDown={onKey}>
        {proposals.map((proposal) => (
          <Row key={proposal.id} {...props} proposal={proposal} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ round, proposal, search, checks, mayPick, picked, onPick }: Rows & { proposal: Proposal }) {
  const { t } = useTranslation(['desk', 'shell', 'expert', 'proposal'])
  const local = useLocal()
  const { id, text, state, facilitator } = proposal
  const { areas, themes } = round.settings
  const now = new Date(round.now)
  const waited = daysSince(proposal.submitted_at ?? proposal.updated_at, now)
  const isPicked = picked(id)
  return (
    <tr className={isPicked ? css.picked : undefined}>
      <td className={css.pick}>
        {mayPick(proposal) && (
          <input
            type="checkbox"
            aria-label={t('assign.pick', { title: text.title })}
            checked={isPicked}
            onChange={() => {
              onPick(proposal)
            }}
          />
        )}
      </td>
      <td className={css.number}>#{id}</td>
      <th scope="row" className={css.title}>
        <Link to={`/desk/${round.id}/${String(id)}${search}`} lang={text.language} dir="auto">
          {text.title}
        </Link>
      </th>
      <td className={css.area}>{local(areas.find((area) => area.id === text.area)?.name)}</td>
      <td className={css.theme}>{local(themes.find((theme) => theme.id === text.theme)?.name)}</td>
      <td className={css.state}>
        <StatusLabel kind={colourOf(state)}>{t(`proposal:state.${state}`)}</StatusLabel>
      </td>
      <td className={css.age}>
        <span className="visually-hidden">{t('queue.waited', { count: waited })}</span>
        <span aria-hidden="true">{t('queue.days', { count: waited })}</span>
      </td>
      <td className={css.deadline}>
        <Deadline proposal={proposal} now={now} />
      </td>
      <td className={css.handler}>{facilitator ?? <span className={css.none}>{t('queue.free')}</span>}</td>
      <td className={css.estimate}>
        <EstimateCell proposal={proposal} />
      </td>
      <td className={css.checks}>
        {checks > 0 && (
          <>
            <span className="visually-hidden">{t('checks.done', { done: proposal.checks ?? 0, all: checks })}</span>
            <span aria-hidden="true">
              {proposal.checks ?? 0}/{checks}
            </span>
          </>
        )}
      </td>
    </tr>
  )
}

/** Until when somebody else is waited for: the author, or the division. */
function Deadline({ proposal, now }: { proposal: Proposal; now: Date }) {
  const { t } = useTranslation(['desk', 'expert'])
  const answer = proposal.state === 'needs_information' ? proposal.answer_by : undefined
  const estimate = proposal.estimation === 'waiting' ? proposal.estimate_by : undefined
  const until = answer ?? estimate
  if (!until) return null
  const left = daysUntil(until, now)
  const of = answer ? 'queue' : 'expert:queue'
  if (left < 0)
    return (
      <StatusLabel kind="error">
        <span className="visually-hidden">{t(`${of}.overdue`)}</span>
        <span aria-hidden="true">{t('queue.late_short')}</span>
      </StatusLabel>
    )
  return (
    <>
      <span className="visually-hidden">{t(`${of}.left`, { count: left })}</span>
      <span aria-hidden="true">{t('queue.days', { count: left })}</span>
    </>
  )
}

/** What the division says, and for how much. */
function EstimateCell({ proposal: { estimation, estimate } }: { proposal: Proposal }) {
  const { t } = useTranslation(['expert', 'proposal'])
  const { euros } = useFormat()
  if (!estimation && !estimate) return null
  const missing = estimate?.missing ?? []
  return (
    <>
      {estimate?.cost && estimation !== 'waiting' && <span>{euros(estimate.cost.maximum)}</span>}
      {(!estimate || estimation === 'waiting' || !estimate.published) && estimation && (
        <span>{t(`expert:estimation.${estimation}`)}</span>
      )}
      {estimate?.feasibility && estimation !== 'waiting' && (
        <span>{t(`expert:feasibility.${estimate.feasibility}`)}</span>
      )}
      {estimate && missing.length > 0 && (
        <StatusLabel kind="alert">
          {t('expert:missing', { languages: missing.map((lang) => t(`expert:in.${lang}`)).join(', ') })}
        </StatusLabel>
      )}
    </>
  )
}
