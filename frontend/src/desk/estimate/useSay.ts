import { useTranslation } from '@/lib/i18n'
import { useFormat } from '@/lib/format'
import { useLocal } from '@/ui/text'
import type { Schemas } from '@/lib/api'
import { valueOf, type Judgement, type EstimateField } from '@/data/estimate'

/** Names the parts of an estimate and says what stands in them. */
export function useSay(divisions: Schemas['Division'][] = []) {
  const { t } = useTranslation('expert')
  const { euros } = useFormat()
  const local = useLocal()
  const name = (part: EstimateField) => t(`part.${part.replace('.', '_') as 'competence'}`).replace(/\?$/, '')
  const say = (judgement: Judgement | undefined, part: EstimateField): string => {
    const value = valueOf(judgement, part)
    if (value === undefined || value === '') return t('nothing')
    switch (part) {
      case 'competence':
        return t(`competence.${value as 'city'}`)
      case 'feasibility':
        return t(`feasibility.${value as 'feasible'}`)
      case 'forward': {
        const division = divisions.find(({ id }) => id === value)
        return division ? local(division.name) : String(value)
      }
      case 'class':
        return String(value).toUpperCase()
      case 'cost.minimum':
      case 'cost.maximum':
      case 'cost.maintenance':
        return euros(Number(value))
      case 'published':
        return t(value ? 'yes' : 'no')
      default:
        return String(value)
    }
  }
  return { name, say }
}
