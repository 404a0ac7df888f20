import { useTranslation } from 'react-i18next'
import type { FieldError } from '@/hds'
import { Problem } from '@/lib/problem'
import { useProblemText } from '@/problem/useProblemText'

/** What the server found wrong, by the path of the field, and as lines for the summary. */
export function useServerErrors(cause: unknown): { errorOf: (path: string) => string | undefined; errors: FieldError[] } {
  const { t } = useTranslation('office')
  const { field } = useProblemText()
  const fields = cause instanceof Problem ? cause.fields : []
  return {
    errorOf: (path) => {
      const found = fields.find((one) => one.field === path)
      return found && field(found)
    },
    errors: fields.map((one) => ({ id: one.field, message: `${t('at', { path: one.field })}: ${field(one)}` })),
  }
}
