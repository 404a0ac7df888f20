import type { SubmitEventHandler, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, ErrorSummary, type FieldError } from '@/ui/hds'

/** A decision's form: what is wrong on top, the way on and the way back below. */
export function FormFrame({
  errors,
  attempt,
  send,
  stop,
  onSubmit,
  onStop,
  children,
}: {
  errors: FieldError[]
  attempt: number
  send?: string
  stop?: string
  onSubmit: () => void
  onStop: () => void
  children: ReactNode
}) {
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
        <Button type="submit">{send ?? t('decide.next')}</Button>
        <Button variant="secondary" onClick={onStop}>
          {stop ?? t('decide.stop')}
        </Button>
      </div>
    </form>
  )
}
