import { useTranslation } from 'react-i18next'
import type { FieldError } from '@/ui/hds'
import { Problem, type FieldProblem } from '@/lib/problem'
import { useProblemText } from '@/ui/problem/useProblemText'

/** What is wrong with a field, by its path in the contract; a list's path also answers for its members. */
export type ErrorOf = (path: string) => string | undefined

/** What the server found wrong, and amounts that could not be read, by the path of the field and as lines for the summary. */
export function useServerErrors(cause: unknown, unread: string[] = []): { errorOf: ErrorOf; errors: FieldError[] } {
  const { t } = useTranslation('problem')
  const words = useProblemText()
  const found = cause instanceof Problem ? cause.fields : []
  const fields: (FieldProblem & { amount?: true })[] = [
    ...unread.map((field) => ({ field, code: 'bad_format', amount: true }) as const),
    ...found.filter(({ field }) => !unread.includes(field)),
  ]
  const field = (one: (typeof fields)[number]) => (one.amount ? t('amount') : words.field(one))
  return {
    errorOf: (path) => {
      const found = fields.find((one) => one.field === path || one.field.startsWith(`${path}[`))
      return found && field(found)
    },
    errors: fields.map((one) => {
      const id =
        [one.field, one.field.replace(/\[\d+\]$/, '')].find((path) => document.getElementById(path)) ?? one.field
      return { id, message: `${labelOf(id)}: ${field(one)}` }
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
