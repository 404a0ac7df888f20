import type { ReactNode } from 'react'

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
    <div className={`office-scroll ${className}`} tabIndex={0} role="region" aria-label={label}>
      {children}
    </div>
  )
}
