import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { colourOf, type Proposal } from '@/data/proposal'
import type { Round } from '@/data/round'
import { daysSince, daysUntil } from '@/lib/day'
import { useFormat } from '@/lib/format'
import { StatusLabel } from '@/ui/hds'
import { Local } from '@/ui/text'

/** A proposal of the queue, with what tells how urgent it is. */
export function QueueRow({ proposal, round, children }: { proposal: Proposal; round: Round; children: ReactNode }) {
  const { t } = useTranslation(['desk', 'shell', 'proposal', 'expert'])
  const { euros } = useFormat()
  const { text, state, facilitator, estimation, estimate } = proposal
  const area = round.settings.areas.find(({ id }) => id === text.area)
  const now = new Date(round.now)
  const waited = daysSince(proposal.submitted_at ?? proposal.updated_at, now)
  return (
    <li className="desk-row">
      {children}
      <div>
        <h2>
          <Link to={`/desk/${round.id}/${String(proposal.id)}`} lang={text.language}>
            {text.title}
          </Link>
        </h2>
        <div className="desk-facts">
          <StatusLabel kind={colourOf(state)}>{t(`shell:state.${state}`)}</StatusLabel>
          {state === 'needs_information' && proposal.answer_by && <Clock until={proposal.answer_by} now={now} />}
          {area && (
            <span>
              <Local text={area.name} />
            </span>
          )}
          <span>{t('queue.waited', { count: waited })}</span>
          {estimation && (
            <StatusLabel kind={estimation === 'given' ? 'success' : estimation === 'unpublished' ? 'alert' : 'info'}>
              {t(`expert:estimation.${estimation}`)}
            </StatusLabel>
          )}
          {estimation === 'waiting' && proposal.estimate_by && <EstimateClock until={proposal.estimate_by} now={now} />}
          {estimation !== 'waiting' && estimate?.feasibility && (
            <span>{t(`expert:feasibility.${estimate.feasibility}`)}</span>
          )}
          {estimation !== 'waiting' && estimate?.cost && (
            <span>
              {t('proposal:cost.range', { from: euros(estimate.cost.minimum), to: euros(estimate.cost.maximum) })}
            </span>
          )}
          {estimate && estimate.missing.length > 0 && (
            <StatusLabel kind="alert">
              {t('expert:missing', { languages: estimate.missing.map((lang) => t(`expert:in.${lang}`)).join(', ') })}
            </StatusLabel>
          )}
          <span>{facilitator ? t('queue.taken', { name: facilitator }) : t('queue.free')}</span>
        </div>
      </div>
    </li>
  )
}

/** How long the division may still estimate. */
function EstimateClock({ until, now }: { until: string; now: Date }) {
  const { t } = useTranslation('expert')
  const left = daysUntil(until, now)
  return left < 0 ? (
    <StatusLabel kind="error">{t('queue.overdue')}</StatusLabel>
  ) : (
    <span>{t('queue.left', { count: left })}</span>
  )
}

/** How long the author may still answer; past that somebody has to decide what follows. */
function Clock({ until, now }: { until: string; now: Date }) {
  const { t } = useTranslation('desk')
  const left = daysUntil(until, now)
  return left < 0 ? (
    <StatusLabel kind="error">{t('queue.overdue')}</StatusLabel>
  ) : (
    <span>{t('queue.left', { count: left })}</span>
  )
}
