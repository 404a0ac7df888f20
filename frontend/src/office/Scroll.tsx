import type { ReactNode } from 'react'
import { classes } from '@/lib/classes'
import styles from './office.module.css'

/** Something wider or longer than its place: scrolls on its own, also by keyboard. */
export function Scroll({
  label,
  className = '',
  children,
}: {
  label: string
  className?: string
  children: ReactNode
}) {
  return (
    <div className={classes(styles.scroll, className)} tabIndex={0} role="region" aria-label={label}>
      {children}
    </div>
  )
}
