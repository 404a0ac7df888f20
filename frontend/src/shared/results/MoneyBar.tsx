import { useTranslation } from 'react-i18next'
import type { AreaResult } from '@/data/results'
import { useFormat } from '@/lib/format'
import style from './rows.module.css'

/** An area's money as one bar, divided by what it is spent on. The rows below say the same. */
export function MoneyBar({ outcome }: { outcome: AreaResult }) {
  const { t } = useTranslation('results')
  const { euros } = useFormat()
  const funded = outcome.projects.filter(({ selected }) => selected)
  const parts = [...funded.map(({ project, cost }) => ({ project, cost })), { project: undefined, cost: outcome.left }]
  return (
    <div>
      <div className={style.money} aria-hidden="true">
        <svg viewBox={`0 0 ${String(Math.max(1, outcome.pot))} 1`} preserveAspectRatio="none">
          {parts.map(({ project, cost }, index) => (
            <rect
              key={project ?? 'left'}
              x={String(parts.slice(0, index).reduce((sum, part) => sum + part.cost, 0))}
              width={String(cost)}
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
