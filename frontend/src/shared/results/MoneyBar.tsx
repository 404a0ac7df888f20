import { useTranslation } from '@/lib/i18n'
import type { AreaResult } from '@/data/results'
import { useFormat } from '@/lib/format'
import style from './rows.module.css'

/** Of the drawing. Browsers lay out no more than some 33 million units, and there are more cents than that. */
const wide = 1000

/** An area's money as one bar, divided by what it is spent on. The rows below say the same. */
export function MoneyBar({ outcome }: { outcome: AreaResult }) {
  const { t } = useTranslation('results')
  const { euros } = useFormat()
  const funded = outcome.projects.filter(({ selected }) => selected)
  const parts = [...funded.map(({ project, cost }) => ({ project, cost })), { project: undefined, cost: outcome.left }]
  const scale = wide / Math.max(1, outcome.pot)
  return (
    <div>
      <div className={style.money} aria-hidden="true">
        <svg viewBox={`0 0 ${String(wide)} 1`} preserveAspectRatio="none">
          {parts.map(({ project, cost }, index) => (
            <rect
              key={project ?? 'left'}
              x={String(scale * parts.slice(0, index).reduce((sum, part) => sum + part.cost, 0))}
              width={String(scale * cost)}
              height="1"
              className={project === undefined ? style.rest : undefined}
            />
          ))}
        </svg>
      </div>
      <p>{t('area.money', { spent: euros(outcome.spent), pot: euros(outcome.pot), left: euros(outcome.left) })}</p>
    </div>
  )
}
