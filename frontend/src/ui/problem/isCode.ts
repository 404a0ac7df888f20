import type { Code } from '@/lib/problem'
import { hasText } from '@/lib/i18n'

/** Whether there are words for this code. */
export function isCode(code: string | null): code is Code {
  return code !== null && /^[a-z_]+$/.test(code) && hasText(`problem:code.${code}`)
}
