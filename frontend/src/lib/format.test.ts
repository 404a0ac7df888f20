// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { inZone } from './city.zone'
import { between, format } from './format'

/** Intl writes no-break spaces, which look like ordinary ones here. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

it.each([
  ['fi', '1 868 353 €', '0,05 €'],
  ['sv', '1 868 353 €', '0,05 €'],
  ['en', '€1,868,353', '€0.05'],
] as const)('says euros in %s, with cents only when there are some', (lang, whole, cents) => {
  expect(plain(format(lang).euros(186_835_300))).toBe(whole)
  expect(plain(format(lang).euros(5))).toBe(cents)
})

describe('words for times', () => {
  it('are by the clock in Helsinki, also across midnight', () => {
    expect(plain(format('fi').dateTime('2026-03-01T22:30:00Z'))).toBe('2.3.2026 klo 0.30')
    expect(plain(format('sv').dateTime('2026-03-01T22:30:00Z'))).toBe('2.3.2026 kl. 0.30')
    expect(plain(format('en').dateTime('2026-03-01T22:30:00Z'))).toBe('2 Mar 2026, 0:30')
    expect(format('fi').date('2026-07-31T21:00:00Z')).toBe('1.8.2026')
    expect(format('en').date('2026-07-31T21:00:00Z')).toBe('1 Aug 2026')
  })

  it('keep a calendar day as it is, in every zone', () => {
    for (const zone of ['Europe/Helsinki', 'America/New_York', 'Pacific/Auckland'])
      inZone(zone, () => {
        expect(format('fi').date('2026-12-31')).toBe('31.12.2026')
      })
  })

  it('end at 24 on the day before rather than at 0.00', () => {
    expect(plain(format('fi').closing('2026-12-28T22:00:00Z'))).toBe('28.12.2026 klo 24')
    expect(plain(format('sv').closing('2026-12-28T22:00:00Z'))).toBe('28.12.2026 kl. 24')
    expect(plain(format('en').closing('2026-12-28T22:00:00Z'))).toBe('end of 28 Dec 2026')
    expect(plain(format('fi').closing('2026-12-28T18:00:00Z'))).toBe('28.12.2026 klo 20.00')
    expect(format('fi').lastDay('2026-12-28T22:00:00Z')).toBe('28.12.2026')
  })

  it('tell a span’s end with its day only if it is another', () => {
    expect(plain(format('fi').span('2026-11-24T15:00:00Z', '2026-11-24T17:00:00Z'))).toBe(
      'ti 24.11.2026 klo 17.00–19.00',
    )
    expect(format('sv').span('2026-03-29T00:30:00Z', '2026-03-29T01:30:00Z')).toMatch(/2[.:]30–4[.:]30$/)
    expect(format('en').span('2026-10-24T20:00:00Z', '2026-10-24T22:00:00Z')).toMatch(
      /23:00 – Sun,? 25 Oct 2026, 1:00$/,
    )
  })
})

it('says all and none only of all and none', () => {
  const { percent } = format('fi')
  expect([0, 1 / 3000, 0.5, 0.123, 9996 / 10000, 1].map(percent).map((said) => said.replace(/\s/g, ' '))).toEqual([
    '0 %',
    '0,1 %',
    '50 %',
    '12,3 %',
    '99,9 %',
    '100 %',
  ])
})

it('says a number once where neither fewer nor more will do', () => {
  expect(between(1, 5)).toBe('1–5')
  expect(between(3, 3)).toBe('3')
})
