import type { SubmitEventHandler, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, ErrorSummary, type FieldError } from '@/hds'

/** A decision's form: what is wrong on top, the way on and the way back below. */
export function FormFrame({ errors, attempt, onSubmit, onStop, children }: { errors: FieldError[]; attempt: number; onSubmit: () => void; onStop: () => void; children: ReactNode }) {
  const { t } = useTranslation('desk')
  const submit: SubmitEventHandler<HTMLFormElement> = (event) => {
    event.preventDefault()
    onSubmit()
  }
  return (
    <form className="stack" noValidate onSubmit={submit}>
      <ErrorSummary errors={errors} attempt={attempt} />
      {children}
      <div className="actions">
        <Button type="submit">{t('decide.next')}</Button>
        <Button variant="secondary" onClick={onStop}>
          {t('decide.stop')}
        </Button>
      </div>
    </form>
  )
}
