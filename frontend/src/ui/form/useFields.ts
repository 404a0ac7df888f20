import { useForm, type Wrong } from './useForm'
import { useKept } from './useKept'

/** A small form of texts, by the paths of its fields. */
export function useFields<Name extends string>({
  start,
  labels,
  check,
  prefix,
  cause,
  slot,
}: {
  start: Record<Name, string>
  labels: Record<Name, string>
  check: (values: Record<Name, string>) => Wrong
  /** What the ids begin with. */
  prefix: string
  cause?: unknown
  /** Where it is kept over a reload. */
  slot?: string
}) {
  const [values, setValues, done] = useKept(slot, start)
  const form = useForm({ wrong: check(values), cause, prefix })
  return {
    values,
    form,
    done,
    /** What a TextInput, TextArea or Select needs. */
    field: (name: Name) => ({
      id: prefix + name,
      label: labels[name],
      value: values[name],
      error: form.errorOf(name),
      onChange: (event: { target: { value: string } }) => {
        const { value } = event.target
        setValues((old) => ({ ...old, [name]: value }))
      },
    }),
    /** Puts words into several fields at once. */
    fill: (more: Partial<Record<Name, string>>) => {
      setValues((old) => ({ ...old, ...more }))
      form.fill(Object.keys(more))
    },
    /** Empties it, after what was written is sent. */
    empty: () => {
      setValues(start)
      done()
      form.begin()
    },
  }
}
