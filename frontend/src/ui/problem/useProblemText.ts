import { useTranslation } from 'react-i18next'
import { Problem, type FieldProblem } from '@/lib/problem'

/** Words for a problem, and for what is wrong with one field of it. */
export function useProblemText() {
  const { t } = useTranslation('problem')
  return {
    text: (cause: unknown) => t(`code.${cause instanceof Problem ? cause.code : 'internal'}`),
    field: ({ code, limit }: FieldProblem) => t(`field.${code}`, { limit: limit ?? '' }),
  }
}
