import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'

export interface FieldError {
  /** Element id of the field. */
  id: string
  /** Field's label and what is wrong. */
  message: string
}

/**
 * All that is wrong with a form, above it. Takes the focus whenever `attempt` changes,
 * that is at each try to send; its links lead to the fields.
 */
export function ErrorSummary({ errors, attempt }: { errors: FieldError[]; attempt: number }) {
  const { t } = useTranslation('problem')
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (attempt > 0) ref.current?.focus()
  }, [attempt])
  if (errors.length === 0) return null
  return (
    <div ref={ref} tabIndex={-1} role="alert" className="hds-notification hds-notification--error hds-error-summary">
      <div className="hds-notification__content">
        <h2 className="hds-notification__label">
          <span className="hds-icon hds-icon--error-fill hds-icon--size-s" aria-hidden="true" />
          <span>{t('summary', { count: errors.length })}</span>
        </h2>
        <div className="hds-notification__body hds-error-summary__body">
          <ul>
            {errors.map(({ id, message }) => (
              <li key={id}>
                <a
                  href={`#${id}`}
                  onClick={(event) => {
                    event.preventDefault()
                    const field = document.getElementById(id)
                    const closed = field?.closest('details')
                    if (closed) closed.open = true
                    field?.focus()
                  }}
                >
                  {message}
                </a>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </div>
  )
}
