import type { SubmitEventHandler, ReactNode } from 'react'
import { Button, ErrorSummary, type FieldError } from '@/ui/hds'

/** A small form: what is wrong on top, the way on and the way back below. */
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
  /** What the buttons say. */
  send: string
  stop: string
  onSubmit: () => void
  onStop: () => void
  children: ReactNode
}) {
  const submit: SubmitEventHandler<HTMLFormElement> = (event) => {
    event.preventDefault()
    onSubmit()
  }
  return (
    <form className="stack" noValidate onSubmit={submit}>
      <ErrorSummary errors={errors} attempt={attempt} />
      {children}
      <div className="actions">
        <Button type="submit">{send}</Button>
        <Button variant="secondary" onClick={onStop}>
          {stop}
        </Button>
      </div>
    </form>
  )
}
