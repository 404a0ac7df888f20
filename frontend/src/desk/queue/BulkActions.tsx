import { useTranslation } from 'react-i18next'
import type { Proposal } from '@/data/proposal'
import { Assign } from '@/desk/send/Assign'
import { Refer } from '@/desk/send/Refer'
import { Card, LinkButton } from '@/ui/hds'

/** What can be done with all chosen proposals at once. */
export function BulkActions({ round, chosen, onDone }: { round: string; chosen: Proposal[]; onDone: () => void }) {
  const { t } = useTranslation(['desk', 'expert', 'merge'])
  const ids = chosen.map(({ id }) => id)
  return (
    <Card as="section" className="desk-bulk">
      <h2>{t('assign.chosen', { count: chosen.length })}</h2>
      <h3>{t('assign.heading')}</h3>
      <Assign
        round={round}
        areas={[...new Set(chosen.map(({ text }) => text.area ?? ''))]}
        proposals={ids}
        onDone={onDone}
      />
      <h3>{t('expert:refer.heading')}</h3>
      <Refer round={round} proposals={ids} onDone={onDone} />
      {chosen.length > 1 && chosen.every(({ may }) => may.includes('merge')) && (
        <LinkButton small variant="secondary" to={`/desk/${round}/merge?of=${ids.join(',')}`}>
          {t('merge:desk.merge_chosen')}
        </LinkButton>
      )}
    </Card>
  )
}
