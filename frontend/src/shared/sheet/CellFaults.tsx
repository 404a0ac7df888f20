import { useTranslation } from '@/lib/i18n'
import type { Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { useProblemText } from '@/ui/problem/useProblemText'

type Fault = Schemas['CellFault']

/** What is wrong with a row, cell by cell: its heading, what it says and what it may say. */
export function CellFaults({ faults }: { faults: Fault[] }) {
  const { t } = useTranslation('sheet')
  const words = useFaultWords()
  if (faults.length === 0) return null
  return (
    <ul>
      {faults.map((fault) => {
        const { column, head, value } = fault
        const what = value ? t('value', { value, what: words(fault) }) : words(fault)
        return (
          <li key={`${column ?? ''} ${head}`}>
            {column ? t('fault', { head, what }) : t('fault_missing', { head, what })}
          </li>
        )
      })}
    </ul>
  )
}

function useFaultWords() {
  const { t } = useTranslation('sheet')
  const { field: wordsOf } = useProblemText()
  const { date } = useFormat()
  return ({ head, code, limit = '', choices }: Fault) => {
    const day = /^\d{4}-\d{2}-\d{2}$/.test(limit) && date(`${limit}T12:00:00Z`)
    if (choices) return t(code === 'not_allowed' ? 'elsewhere' : 'choices', { choices: choices.join(', ') })
    if (code === 'duplicate' && limit) return t('duplicate', { row: limit })
    if (code === 'changed') return t('changed')
    if (code === 'bad_format' && limit) return t('like', { example: limit })
    if (day && code === 'too_large') return t('too_late', { date: day })
    if (day && code === 'too_small') return t('too_early', { date: day })
    if (limit.endsWith('€') && code.startsWith('too_')) return t(code === 'too_large' ? 'most' : 'least', { limit })
    return wordsOf({ field: head, code, limit })
  }
}
