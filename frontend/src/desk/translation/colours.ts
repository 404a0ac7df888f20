import type { Status } from '@/data/translation'

/** The colour that repeats what the status's word says. */
export const colours: Partial<Record<Status, 'error' | 'alert' | 'success'>> = {
  missing: 'error',
  partial: 'alert',
  outdated: 'alert',
  done: 'success',
}
