import { useSyncExternalStore } from 'react'
import { keyOf, onChange } from './store'

/** Whether this browser keeps a receipt of the round: whoever sits here, or sat here before, has voted. */
export function useVoted(round: string | undefined): boolean {
  return useSyncExternalStore(onChange, () => {
    try {
      return round !== undefined && !['', '[]'].includes(localStorage.getItem(keyOf(round, 'receipts')) ?? '')
    } catch {
      return false
    }
  })
}
