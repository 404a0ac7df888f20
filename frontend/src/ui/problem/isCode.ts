import type { Code } from '@/lib/problem'
import i18next from 'i18next'

/** Whether there are words for this code. */
export function isCode(code: string | null): code is Code {
  return code !== null && /^[a-z_]+$/.test(code) && i18next.exists(`problem:code.${code}`)
}
