import type { ReactNode } from 'react'
import { Icon, type IconName } from './Icon'

export type Kind = 'info' | 'success' | 'alert' | 'error'

const icons: Record<Kind, IconName> = {
  info: 'info-circle-fill',
  success: 'check-circle-fill',
  alert: 'alert-circle-fill',
  error: 'error-fill',
}

/** A message in the page. Live ones (the answer to what was just done) are read aloud when they appear. */
export function Notification({
  kind = 'info',
  label,
  live = false,
  children,
}: {
  kind?: Kind
  label?: ReactNode
  live?: boolean
  children?: ReactNode
}) {
  return (
    <div
      className={`hds-notification${kind === 'info' ? '' : ` hds-notification--${kind}`}`}
      role={live ? (kind === 'error' ? 'alert' : 'status') : undefined}
    >
      <div className="hds-notification__content">
        {label && (
          <p className="hds-notification__label">
            <Icon name={icons[kind]} />
            <span>{label}</span>
          </p>
        )}
        {children && <div className="hds-notification__body">{children}</div>}
      </div>
    </div>
  )
}
