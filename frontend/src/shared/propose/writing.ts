import type { ErrorOf, Wrong } from '@/ui/form/useForm'
import type { Fields } from './draft'

/** A proposal as it is being written. */
export interface Writing {
  fields: Fields
  set: (change: Partial<Fields>) => void
  errorOf: ErrorOf
}

/** What a TextInput, TextArea or Select of a field needs, but for its label and its error. */
export const fieldOf =
  ({ fields, set }: Writing) =>
  (name: keyof Fields) => ({
    value: fields[name],
    onChange: (event: { target: { value: string } }) => {
      set({ [name]: event.target.value })
    },
  })

/** Which fields a proposal cannot do without are empty; in two languages, those of the second, too. */
export function emptyFields(fields: Fields, required: string, themes: boolean, bilingual: boolean): Wrong {
  const needed: (keyof Fields)[] = [
    'title',
    'what',
    ...(bilingual ? (['title_sv', 'what_sv'] as const) : []),
    'area',
    ...(themes ? (['theme'] as const) : []),
  ]
  return Object.fromEntries(needed.map((name) => [name, fields[name].trim() ? undefined : required]))
}
