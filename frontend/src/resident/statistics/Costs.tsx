import { useTranslation } from '@/lib/i18n'
import { useFormat } from '@/lib/format'
import { useLocal } from '@/ui/text'
import type { Round } from '@/data/round'
import { costOfAll, type AreaCost } from '@/data/statistics'
import { Table } from './Table'

/** What funded projects were estimated to cost, and what was paid; of finished ones the two can be compared. */
export function Costs({ round, costs }: { round: Round; costs: AreaCost[] }) {
  const { t } = useTranslation('statistics')
  const { euros, number } = useFormat()
  const local = useLocal()
  const all = { area: '', ...costOfAll(costs) }
  const lines = (of: 'all' | 'done') =>
    [...costs, all]
      .filter((cost) => cost[of].projects > 0)
      .map((cost) => ({
        key: cost.area,
        name: cost === all ? t('total') : local(round.settings.areas.find(({ id }) => id === cost.area)?.name),
        sum: cost === all,
        cells: [number(cost[of].projects), euros(cost[of].estimate), euros(cost[of].actual)],
      }))
  return (
    <div className="stack">
      {(['all', 'done'] as const).map((of) => (
        <section key={of} className="stack-s">
          <h3>{t(`costs.${of}`)}</h3>
          {all[of].projects === 0 ? (
            <p>{t(`costs.none_${of}`)}</p>
          ) : (
            <Table
              caption={t(`costs.${of}`)}
              head={[t('area'), t('costs.projects'), t('costs.estimate'), t('costs.actual')]}
              lines={lines(of)}
            />
          )}
        </section>
      ))}
      {all.cancelled > 0 && <p>{t('costs.cancelled', { count: all.cancelled, number: number(all.cancelled) })}</p>}
    </div>
  )
}
