import {
  useId,
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from 'react'
import { useTranslation } from '@/lib/i18n'
import { Icon } from './Icon'
import styles from './parts.module.css'

interface FieldProps {
  label: ReactNode
  /** What to write, shown under the label before the error. */
  helper?: ReactNode
  /** What is wrong; also marks the field invalid. */
  error?: string
}

function useIds(id: string | undefined, helper: ReactNode, error: string | undefined) {
  const own = useId()
  const base = id ?? own
  const describedBy = [helper && `${base}-helper`, error && `${base}-error`].filter(Boolean).join(' ')
  return { base, describedBy: describedBy || undefined }
}

function Label({ id, required, children }: { id: string; required?: boolean; children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <label className="hds-text-input__label" htmlFor={id}>
      {children}
      {!required && <span className={styles.optional}> ({t('optional')})</span>}
    </label>
  )
}

function Hints({ base, helper, error }: { base: string; helper: ReactNode; error?: string }) {
  return (
    <>
      {error && (
        <span className="hds-text-input__error-text" id={`${base}-error`}>
          {error}
        </span>
      )}
      {helper && (
        <span className="hds-text-input__helper-text" id={`${base}-helper`}>
          {helper}
        </span>
      )}
    </>
  )
}

const box = (error?: string) => `hds-text-input${error ? ' hds-text-input--invalid' : ''}`

/** One line of text. */
export function TextInput({
  label,
  helper,
  error,
  id,
  required,
  ...rest
}: FieldProps & InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> }) {
  const { base, describedBy } = useIds(id, helper, error)
  return (
    <div className={box(error)}>
      <Label id={base} required={required}>
        {label}
      </Label>
      <div className="hds-text-input__input-wrapper">
        <input
          type="text"
          {...rest}
          id={base}
          className="hds-text-input__input"
          aria-required={required}
          aria-invalid={error ? true : undefined}
          aria-describedby={describedBy}
        />
      </div>
      <Hints base={base} helper={helper} error={error} />
    </div>
  )
}

/** Several lines of text. */
export function TextArea({
  label,
  helper,
  error,
  id,
  required,
  ...rest
}: FieldProps & TextareaHTMLAttributes<HTMLTextAreaElement> & { ref?: Ref<HTMLTextAreaElement> }) {
  const { base, describedBy } = useIds(id, helper, error)
  return (
    <div className={box(error)}>
      <Label id={base} required={required}>
        {label}
      </Label>
      <div className="hds-text-input__input-wrapper">
        <textarea
          {...rest}
          id={base}
          className="hds-text-input__input"
          aria-required={required}
          aria-invalid={error ? true : undefined}
          aria-describedby={describedBy}
        />
      </div>
      <Hints base={base} helper={helper} error={error} />
    </div>
  )
}

export interface Option {
  value: string
  label: string
}

/** The browser's own list of choices: works everywhere, also with a screen reader on a phone. */
export function Select({
  label,
  helper,
  error,
  id,
  required,
  options,
  ...rest
}: FieldProps & SelectHTMLAttributes<HTMLSelectElement> & { options: Option[]; ref?: Ref<HTMLSelectElement> }) {
  const { base, describedBy } = useIds(id, helper, error)
  return (
    <div className={box(error)}>
      <Label id={base} required={required ?? true}>
        {label}
      </Label>
      <div className="hds-text-input__input-wrapper">
        <select
          {...rest}
          id={base}
          className="hds-text-input__input"
          aria-required={required}
          aria-invalid={error ? true : undefined}
          aria-describedby={describedBy}
        >
          {options.map(({ value, label: text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
        <Icon name="angle-down" />
      </div>
      <Hints base={base} helper={helper} error={error} />
    </div>
  )
}
