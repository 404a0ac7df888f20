import { useTranslation } from 'react-i18next'
import type { Unread } from '@/ui/form/useServerErrors'

/** What could not be read in a field: the path, why by the words in read.json, and the word of a list that it is about. */
export interface Unreadable {
  field: string
  why: 'amount' | 'euros' | 'number' | 'postal_code' | 'municipality' | 'no_time' | 'skipped' | 'which'
  word?: string
}

/** The same in words. */
export function useUnread(found: Unreadable[]): Unread[] {
  const { t } = useTranslation('read')
  return found.map(({ field, why, word }) => ({ field, message: t(why, { word }) }))
}
