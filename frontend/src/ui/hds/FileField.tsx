import { useId, type ReactNode } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Icon } from './Icon'
import css from './fileField.module.css'

/**
 * A file from the reader's device. The browser's own button and "no file
 * chosen" speak its language and not the page's, so a label stands for them;
 * the field itself keeps the keyboard, and says what was chosen.
 */
export function FileField({
  label,
  helper,
  error,
  accept,
  chosen,
  id,
  onChoose,
}: {
  label: ReactNode
  helper?: ReactNode
  /** What is wrong; also marks the field invalid. */
  error?: string
  accept: string
  /** Name of the file that stands. */
  chosen?: string
  id?: string
  onChoose: (file: File) => void
}) {
  const { t } = useTranslation()
  const own = useId()
  const base = id ?? own
  return (
    <div className={`hds-text-input${error ? ' hds-text-input--invalid' : ''}`}>
      <span className="hds-text-input__label" id={`${base}-label`}>
        {label}
      </span>
      <div className={css.row}>
        <input
          id={base}
          className="visually-hidden"
          type="file"
          accept={accept}
          aria-labelledby={`${base}-label ${base}-choose`}
          aria-invalid={error ? true : undefined}
          aria-describedby={`${base}-chosen${error ? ` ${base}-error` : ''}${helper ? ` ${base}-helper` : ''}`}
          onChange={(event) => {
            const file = event.target.files?.[0]
            event.target.value = '' // so that a file that was mended can be chosen again
            if (file) onChoose(file)
          }}
        />
        <label className="hds-button hds-button--secondary" htmlFor={base} id={`${base}-choose`}>
          <Icon name="plus" />
          <span className="hds-button__label">{t('file.choose')}</span>
        </label>
        <span id={`${base}-chosen`} className={css.chosen} dir="auto">
          {chosen ?? t('file.none')}
        </span>
      </div>
      {error && (
        <span className="hds-text-input__error-text" id={`${base}-error`} role="alert">
          {error}
        </span>
      )}
      {helper && (
        <span className="hds-text-input__helper-text" id={`${base}-helper`}>
          {helper}
        </span>
      )}
    </div>
  )
}
