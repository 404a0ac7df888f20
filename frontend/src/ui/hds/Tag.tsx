import type { ReactNode } from 'react'
import { Icon } from './Icon'

/** A property of something: its area, its theme. */
export function Tag({ children }: { children: ReactNode }) {
  return (
    <span className="hds-tag hds-tag--multiline">
      <span>{children}</span>
    </span>
  )
}

/** A chosen filter that a press takes away. */
export function RemovableTag({
  label,
  children,
  onRemove,
}: {
  label: string
  children: ReactNode
  onRemove: () => void
}) {
  return (
    <button type="button" className="hds-tag hds-tag--action hds-tag--large" aria-label={label} onClick={onRemove}>
      <span>{children}</span>
      <Icon name="cross" size="xs" />
    </button>
  )
}

/** How something stands. The word says it; the colour only repeats it. */
export function StatusLabel({
  kind,
  children,
}: {
  kind?: 'info' | 'success' | 'alert' | 'error'
  children: ReactNode
}) {
  return <span className={`hds-status-label${kind ? ` hds-status-label--${kind}` : ''}`}>{children}</span>
}
