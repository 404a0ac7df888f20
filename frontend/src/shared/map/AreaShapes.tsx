import { useMemo } from 'react'
import type { Schemas } from '@/lib/api'
import style from './shapes.module.css'
import { pathsOf, wide } from './shapes'

/** Areas as shapes to tap, beside a list of links that says and does the same: readers of the list need nothing of it. */
export function AreaShapes({
  shapes,
  pointed,
  onPoint,
  onTap,
}: {
  shapes: Schemas['MapArea'][]
  pointed?: string
  onPoint?: (area: string | undefined) => void
  onTap?: (area: string) => void
}) {
  const { height, paths } = useMemo(() => pathsOf(shapes), [shapes])
  return (
    <svg className={style.map} viewBox={`-4 -4 ${String(wide + 8)} ${String(height + 8)}`} aria-hidden="true">
      {paths.map(({ area, d }) => (
        <path
          key={area}
          d={d}
          className={area === pointed ? style.pointed : undefined}
          onClick={() => onTap?.(area)}
          onPointerEnter={() => onPoint?.(area)}
          onPointerLeave={() => onPoint?.(undefined)}
        />
      ))}
    </svg>
  )
}
