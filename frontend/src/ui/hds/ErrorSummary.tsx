import { useEffect, useRef } from 'react'
import { useTranslation } from '@/lib/i18n'

export interface FieldError {
  /** Element id of the field; none if the page does not show it. */
  id?: string
  /** Field's label and what is wrong. */
  message: string
}

/**
 * All that is wrong with a form, above it. Takes the focus at each try to send: whenever
 * `attempt` or the server's answer, `cause`, changes. Its links lead to the fields.
 */
export function ErrorSummary({ errors, attempt, cause }: { errors: FieldError[]; attempt: number; cause?: unknown }) {
  const { t } = useTranslation('problem')
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (attempt > 0 || cause) ref.current?.focus()
  }, [attempt, cause])
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
              <li key={`${id ?? ''} ${message}`}>
                {id ? (
                  <a
                    href={`#${id}`}
                    onClick={(event) => {
                      event.preventDefault()
                      show(id)
                    }}
                  >
                    {message}
                  </a>
                ) : (
                  message
                )}
              </li>
            ))}
          </ul>
        </div>
      </div>
    </div>
  )
}

/** Leads to a field, also into a part that is folded away. */
function show(id: string) {
  const field = document.getElementById(id)
  for (let at = field?.closest('details'); at; at = at.parentElement?.closest('details')) at.open = true
  field?.focus()
}
