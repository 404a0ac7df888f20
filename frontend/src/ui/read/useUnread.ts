import { useTranslation } from '@/lib/i18n'
import type { Wrong } from '@/ui/form/useForm'

/** What could not be read in a field: the path, why by the words in read.json, and the word of a list that it is about. */
export interface Unreadable {
  field: string
  why: 'amount' | 'euros' | 'number' | 'postal_code' | 'municipality' | 'no_time' | 'skipped' | 'which'
  word?: string
}

/** The same in words, for the form. */
export function useUnread(found: Unreadable[]): Wrong {
  const { t } = useTranslation('read')
  return Object.fromEntries(found.map(({ field, why, word }) => [field, t(why, { word })]))
}
