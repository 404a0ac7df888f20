import type { ReactNode } from 'react'
import { classes } from '@/lib/classes'

/** A framed piece of a page. */
export function Card({
  as: Tag = 'div',
  className,
  children,
}: {
  as?: 'div' | 'section' | 'article' | 'li' | 'fieldset'
  className?: string
  children: ReactNode
}) {
  return <Tag className={classes('hds-card', className)}>{children}</Tag>
}
