import type { Bytes } from './bytes'

/** Douglas Crockford's base 32: no I, L, O and U, so that a code survives handwriting and the telephone. */
export const codeLetters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * A digest's first 60 bits for people to compare, as XXXX-XXXX-XXXX (domain/code.go): the same code stands on posters, in
 * letters and on everybody's screen.
 */
export function checkCode(digest: Bytes): string {
  const bits = Array.from(digest.slice(0, 8), (byte) => byte.toString(2).padStart(8, '0')).join('')
  const letters = Array.from({ length: 12 }, (_, index) =>
    codeLetters.charAt(parseInt(bits.slice(5 * index, 5 * index + 5), 2)),
  )
  return letters.join('').replace(/(.{4})(?=.)/g, '$1-')
}
