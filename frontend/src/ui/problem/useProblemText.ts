import { useTranslation } from 'react-i18next'
import { useFormat } from '@/lib/format'
import { Problem, type FieldProblem } from '@/lib/problem'

/** Keys of texts do not end like plural forms, as two of the contract's codes do. */
export const textKey = (code: FieldProblem['code']) =>
  code === 'too_few' ? 'under_min' : code === 'too_many' ? 'over_max' : code

const amount = /(^|\.)(pot|total|minimum|maximum|maintenance)$/

/** Words for a problem, and for what is wrong with one field of it. */
export function useProblemText() {
  const { t } = useTranslation('problem')
  const { dateTime, date, euros } = useFormat()
  // The contract counts cents and writes moments; people read euros and the city's clock.
  const limitText = (field: string, limit: string) => {
    if (/^\d{4}-\d{2}-\d{2}$/.test(limit)) return date(limit)
    if (/^\d{4}-\d{2}-\d{2}T/.test(limit)) return dateTime(limit)
    return amount.test(field) && /^\d+$/.test(limit) ? euros(Number(limit)) : limit
  }
  return {
    text: (cause: unknown) => t(`code.${cause instanceof Problem ? cause.code : 'internal'}`),
    field: ({ field, code, limit }: FieldProblem) =>
      t(`field.${textKey(code)}`, { limit: limitText(field, limit ?? '') }),
  }
}
