import { useTranslation } from 'react-i18next'
import { Notification } from '@/ui/hds'
import type { Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import type { Proposal } from '@/data/proposal'
import type { Round } from '@/data/round'
import { useLocal } from '@/ui/text'
import { Cost } from '@/shared/proposal/Answer'

/** The cost that is about to be accepted, and what is odd about it. */
export function Acceptance({ cost, proposal, round }: { cost: Schemas['Cost']; proposal: Proposal; round: Round }) {
  const { t } = useTranslation('desk')
  const { euros } = useFormat()
  const local = useLocal()
  const area = round.settings.areas.find(({ id }) => id === proposal.text.area)
  const reserved = cost.maximum + (round.settings.reserve_maintenance ? cost.maintenance : 0)
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
