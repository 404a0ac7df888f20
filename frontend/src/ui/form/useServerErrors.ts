import type { FieldError } from '@/ui/hds'
import { Problem } from '@/lib/problem'
import { useProblemText } from '@/ui/problem/useProblemText'

/** What is wrong with a field, by its path in the contract; a list's path also answers for its members. */
export type ErrorOf = (path: string) => string | undefined

/** What could not be read in a field, in words. */
export interface Unread {
  field: string
  message: string
}

/** What the server found wrong, and what could not be read, by the path of the field and as lines for the summary. */
export function useServerErrors(cause: unknown, unread: Unread[] = []): { errorOf: ErrorOf; errors: FieldError[] } {
  const words = useProblemText()
  const found = cause instanceof Problem ? cause.fields : []
  const faults: Unread[] = [
    ...unread,
    ...found
      .filter(({ field }) => !unread.some((one) => one.field === field))
      .map((one) => ({ field: one.field, message: words.field(one) })),
  ]
  return {
    errorOf: (path) => faults.find(({ field }) => field === path || field.startsWith(`${path}[`))?.message,
    errors: faults.map(({ field, message }) => {
      const id = [field, field.replace(/\[\d+\]$/, '')].find((path) => document.getElementById(path)) ?? field
      return { id, message: `${labelOf(id)}: ${message}` }
    }),
  }
}

/** A field's label as it stands on the page, after the legend of its group; the path itself where no field has it. */
function labelOf(path: string): string {
  const field = document.getElementById(path)
  const words = [
    field?.parentElement?.closest('fieldset')?.querySelector('legend'),
    field instanceof HTMLInputElement ? field.labels?.[0]?.firstChild : field?.querySelector('legend'),
  ]
  return (
    words
      .map((word) => word?.textContent)
      .filter(Boolean)
      .join(', ') || path
  )
}
