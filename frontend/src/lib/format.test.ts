import { describe, expect, it } from 'vitest'
import { format } from './format'

/** Intl writes no-break spaces, which look like ordinary ones here. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

describe('format', () => {
  it.each([
    ['fi', '1 868 353 €', '0,05 €'],
    ['sv', '1 868 353 €', '0,05 €'],
    ['en', '€1,868,353', '€0.05'],
  ] as const)('writes euros in %s, with cents only when there are some', (lang, whole, cents) => {
    expect(plain(format(lang).euros(186_835_300))).toBe(whole)
    expect(plain(format(lang).euros(5))).toBe(cents)
  })

  it('writes times as the clock in Helsinki shows them, also across midnight', () => {
    expect(plain(format('fi').dateTime('2026-03-01T22:30:00Z'))).toBe('2.3.2026 klo 0.30')
    expect(plain(format('sv').dateTime('2026-03-01T22:30:00Z'))).toBe('2.3.2026 kl. 0.30')
    expect(format('fi').date('2026-07-31T21:00:00Z')).toBe('1.8.2026')
    expect(format('en').date('2026-07-31T21:00:00Z')).toBe('1 Aug 2026')
  })
})
