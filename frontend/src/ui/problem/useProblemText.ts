import { useTranslation } from '@/lib/i18n'
import { useFormat } from '@/lib/format'
import { Problem, type FieldProblem } from '@/lib/problem'

/** Keys of texts do not end like plural forms, as two of the contract's codes do. */
export const textKey = (code: FieldProblem['code']) =>
  code === 'too_few' ? 'under_min' : code === 'too_many' ? 'over_max' : code

/** Codes whose words name the limit. */
const limited = [
  'too_short',
  'too_long',
  'too_small',
  'too_large',
  'under_min',
  'over_max',
  'whole_euros',
  'after_promise',
  'too_early',
  'too_late',
] as const

const amount = /(^|\.)(pot|total|minimum|maximum|maintenance)$/

/** Words for a problem, and for what is wrong with one field of it. */
export function useProblemText() {
  const { t } = useTranslation('problem')
  const { dateTime, date, euros, number } = useFormat()

  // The contract counts cents and writes moments, and has words for developers; people read euros and the city's clock.
  const field = ({ field, code, limit = '' }: FieldProblem) => {
    const key = textKey(code)
    const named = limited.find((one) => one === key)
    if (!named) return t(`field.${key}`)
    if (/^\d{4}-\d{2}-\d{2}(T|$)/.test(limit)) {
      const when = limit.includes('T') ? dateTime(limit) : date(limit)
      return named === 'too_small' || named === 'too_large'
        ? t(`when.${named}`, { limit: when })
        : t(`field.${named}`, { limit: when })
    }
    if (named === 'whole_euros' && /^\d{1,3}( \d{3})*$/.test(limit)) return t('field.whole_euros', { limit })
    const isYear = named === 'too_early' || named === 'too_late'
    if (isYear && /^\d{4}$/.test(limit)) return t(`field.${named}`, { limit })
    if (isYear || named === 'after_promise' || named === 'whole_euros' || !/^\d+$/.test(limit))
      return t(`bare.${named}`)
    const isAmount = amount.test(field) || (named === 'too_large' && /(^|\.)choices$/.test(field))
    return t(`field.${named}`, { limit: isAmount ? euros(Number(limit)) : number(Number(limit)) })
  }
  return {
    text: (cause: unknown) => t(`code.${cause instanceof Problem ? cause.code : 'internal'}`),
    field,
  }
}
