import { useTranslation } from '@/lib/i18n'
import { Card, StatusLabel } from '@/ui/hds'
import { useFormat } from '@/lib/format'
import { useLocal } from '@/ui/text'
import { CityText, Cost } from '@/shared/proposal/Answer'
import type { Estimate } from '@/data/estimate'
import styles from '@/shared/proposal/proposal.module.css'

/** The experts' current estimate with its reasons; names and notes stay with staff. */
export function EstimateCard({ estimate }: { estimate: Estimate }) {
  const { t } = useTranslation('expert')
  const { date } = useFormat()
  const local = useLocal()
  return (
    <Card as="section" className={styles.answer}>
      <h2>{t('card.heading')}</h2>
      <p>
        <StatusLabel
          kind={
            estimate.feasibility === 'feasible'
              ? 'success'
              : estimate.feasibility === 'with_changes'
                ? 'alert'
                : estimate.competence === 'forward'
                  ? 'info'
                  : 'error'
          }
        >
          {estimate.feasibility ? t(`feasibility.${estimate.feasibility}`) : t(`competence.${estimate.competence}`)}
        </StatusLabel>
      </p>
      {(estimate.reasons.fi ?? estimate.reasons.sv ?? estimate.reasons.en) && <CityText text={estimate.reasons} />}
      {estimate.cost && <Cost {...estimate.cost} />}
      <p className="muted">{t('card.by', { division: local(estimate.division_name), date: date(estimate.at) })}</p>
    </Card>
  )
}
