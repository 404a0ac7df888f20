import { describe, expect, it } from 'vitest'
import { centsOf, daysSince, queueFilterOf } from './queue'

describe('amounts as people write them', () => {
  it.each([
    ['12500', 1_250_000],
    ['12 500', 1_250_000],
    ['12\u00a0500,50 €', 1_250_050],
    ['0', 0],
    ['7.5', 750],
  ])('%s', (text, cents) => {
    expect(centsOf(text)).toBe(cents)
  })
  it.each(['', '-1', '1,234,5', '12.345', '1e5', 'abc', '1,2,3'])('refuses %j', (text) => {
    expect(centsOf(text)).toBeUndefined()
  })
})

it('counts whole days', () => {
  expect(daysSince('2026-03-01T12:00:00Z', new Date('2026-03-03T11:59:00Z'))).toBe(1)
  expect(daysSince('2026-03-05T12:00:00Z', new Date('2026-03-03T11:59:00Z'))).toBe(0)
})

it('takes from the address only what it can mean', () => {
  expect(queueFilterOf(new URLSearchParams('state=nonsense&mine=yes&area=central'))).toEqual({ area: 'central', state: undefined, takenByMe: true })
})
