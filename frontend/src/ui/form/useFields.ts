import { useState } from 'react'
import type { FieldError } from '@/ui/hds'

type Check<Name extends string> = (values: Record<Name, string>) => Partial<Record<Name, string>>

/** Text fields of a small form with their errors, which show from the first try to send on. */
export function useFields<Name extends string>(
  start: Record<Name, string>,
  labels: Record<Name, string>,
  check: Check<Name>,
) {
  const [values, setValues] = useState(start)
  const [attempt, setAttempt] = useState(0)
  const wrong: Partial<Record<Name, string>> = attempt > 0 ? check(values) : {}
  const names = Object.keys(start) as Name[]
  const errors: FieldError[] = names.flatMap((name) =>
    wrong[name] ? [{ id: `desk-${name}`, message: `${labels[name]}: ${wrong[name]}` }] : [],
  )
  return {
    values,
    errors,
    attempt,
    /** What a TextInput, TextArea or Select needs. */
    field: (name: Name) => ({
      id: `desk-${name}`,
      label: labels[name],
      value: values[name],
      error: wrong[name],
      onChange: (event: { target: { value: string } }) => {
        const { value } = event.target
        setValues((old) => ({ ...old, [name]: value }))
      },
    }),
    /** Puts words into several fields at once. */
    fill: (more: Partial<Record<Name, string>>) => {
      setValues((old) => ({ ...old, ...more }))
    },
    /** Calls done if nothing is wrong. */
    submit: (done: (values: Record<Name, string>) => void) => {
      setAttempt((n) => n + 1)
      if (Object.keys(check(values)).length === 0) done(values)
    },
  }
}
