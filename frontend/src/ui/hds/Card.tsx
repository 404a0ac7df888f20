import type { ReactNode } from 'react'

/** A framed piece of a page. */
export function Card({
  as: Tag = 'div',
  className = '',
  children,
}: {
  as?: 'div' | 'section' | 'article' | 'li' | 'fieldset'
  className?: string
  children: ReactNode
}) {
  return <Tag className={`hds-card card ${className}`}>{children}</Tag>
}
