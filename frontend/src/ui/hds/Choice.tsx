import { useId, type InputHTMLAttributes, type ReactNode, type Ref } from 'react'
import styles from './parts.module.css'

type ChoiceProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'type'> & {
  label: ReactNode
  ref?: Ref<HTMLInputElement>
}

export function Checkbox({ label, id, ...rest }: ChoiceProps) {
  const own = useId()
  return (
    <div className="hds-checkbox">
      <input {...rest} type="checkbox" id={id ?? own} className="hds-checkbox__input" />
      <label htmlFor={id ?? own} className="hds-checkbox__label">
        {label}
      </label>
    </div>
  )
}

export function Radio({ label, id, ...rest }: ChoiceProps) {
  const own = useId()
  return (
    <div className="hds-radio-button">
      <input {...rest} type="radio" id={id ?? own} className="hds-radio-button__input" />
      <label htmlFor={id ?? own} className="hds-radio-button__label">
        {label}
      </label>
    </div>
  )
}

/** Checkboxes or radios that answer one question. The id is where an error summary leads. */
export function ChoiceGroup({
  legend,
  helper,
  error,
  id,
  children,
}: {
  legend: ReactNode
  helper?: ReactNode
  error?: string
  id?: string
  children: ReactNode
}) {
  const own = useId()
  const base = id ?? own
  return (
    <fieldset
      className="hds-selection-group"
      id={base}
      tabIndex={-1}
      aria-describedby={[helper && `${base}-helper`, error && `${base}-error`].filter(Boolean).join(' ') || undefined}
    >
      <legend className="hds-selection-group__legend">{legend}</legend>
      {helper && (
        <span className={styles.helper} id={`${base}-helper`}>
          {helper}
        </span>
      )}
      <div className="hds-selection-group__items hds-selection-group__items--vertical">{children}</div>
      {error && (
        <span className="hds-selection-group__error-text" id={`${base}-error`}>
          {error}
        </span>
      )}
    </fieldset>
  )
}
