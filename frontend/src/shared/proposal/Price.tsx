import { useTranslation } from '@/lib/i18n'
import { useFormat } from '@/lib/format'
import type { Schemas } from '@/lib/api'
import style from './price.module.css'

/** The one price of a project: what the count sets aside for it, and what of its upkeep that contains. */
export function Price({ reserved, cost }: { reserved: number; cost: Schemas['Cost'] }) {
  const { t } = useTranslation('proposal')
  const { euros } = useFormat()
  const within = reserved > cost.maximum
  return (
    <>
      <strong>{euros(reserved)}</strong>
      {cost.maintenance > 0 && (
        <>
          {' '}
          <span className={style.of}>
            {t(within ? 'cost.with_upkeep' : 'cost.without_upkeep', { sum: euros(cost.maintenance) })}
          </span>
        </>
      )}
    </>
  )
}
