import { useTranslation } from '@/lib/i18n'
import { Notification } from '@/ui/hds'
import type { Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import type { Proposal } from '@/data/proposal'
import type { Round } from '@/data/round'
import { useLocal } from '@/ui/text'
import { Cost } from '@/shared/proposal/Answer'

/** What is counted of a cost. */
const reservedOf = (cost: Schemas['Cost'], round: Round) =>
  cost.maximum + (round.settings.reserve_maintenance ? cost.maintenance : 0)

const potOf = (proposal: Proposal, round: Round) =>
  round.settings.areas.find(({ id }) => id === proposal.text.area)?.pot ?? Infinity

/** Whether something is odd about the acceptance, so that it is asked before it is done. */
export const isOdd = (cost: Schemas['Cost'], proposal: Proposal, round: Round): boolean =>
  reservedOf(cost, round) > potOf(proposal, round) || proposal.estimation === 'waiting'

/** The cost that is about to be accepted, and what is odd about it. */
export function Acceptance({ cost, proposal, round }: { cost: Schemas['Cost']; proposal: Proposal; round: Round }) {
  const { t } = useTranslation('desk')
  const { euros } = useFormat()
  const local = useLocal()
  const area = round.settings.areas.find(({ id }) => id === proposal.text.area)
  const reserved = reservedOf(cost, round)
  return (
    <>
      <Cost {...cost} />
      <p>
        <strong>{t('decide.accept.reserved', { sum: euros(reserved) })}</strong>
      </p>
      {area && reserved > area.pot && (
        <Notification kind="alert" label={t('decide.accept.over')}>
          <p>{t('decide.accept.over_text', { area: local(area.name), pot: euros(area.pot) })}</p>
        </Notification>
      )}
      {proposal.estimation === 'waiting' && (
        <Notification kind="alert" label={t('decide.accept.waits')}>
          <p>{t('decide.accept.waits_text')}</p>
        </Notification>
      )}
    </>
  )
}
