import { useId } from 'react'
import { classes } from '@/lib/classes'
import styles from './parts.module.css'

/** The wave on the edge of a coloured area, as in the city's look. It takes the text colour of its parent. */
export function Koros({ flip = false }: { flip?: boolean }) {
  const id = useId()
  return (
    <svg
      className={classes(styles.koros, flip && styles.flip)}
      aria-hidden="true"
      focusable="false"
      width="100%"
      height="28"
    >
      <defs>
        <pattern id={id} width="106" height="28" patternUnits="userSpaceOnUse">
          <path fill="currentColor" d="M0 28V14C26.500 14 26.500 2 53 2s26.500 12 53 12v14z" />
        </pattern>
      </defs>
      <rect width="100%" height="28" fill={`url(#${id})`} />
    </svg>
  )
}
