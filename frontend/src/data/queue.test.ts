import { describe, expect, it } from 'vitest'
import { centsOf, dayAfter, daysSince, daysUntil, endOfDay, neighbour, queueFilterOf } from './queue'

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
  expect(queueFilterOf(new URLSearchParams('state=nonsense&mine=yes&area=central&late=1&q=+penkki+'))).toEqual({
    area: 'central',
    state: undefined,
    takenByMe: true,
    free: false,
    late: false,
    words: 'penkki',
  })
})

it('counts deadlines by Helsinki’s days, in winter and in summer', () => {
  expect(dayAfter('2026-03-01T21:59:59Z', 14)).toBe('2026-03-15')
  expect(dayAfter('2026-03-01T22:00:00Z', 14)).toBe('2026-03-16')
  expect(endOfDay('2026-03-15')).toBe('2026-03-15T21:59:00.000Z')
  expect(endOfDay('2026-07-15')).toBe('2026-07-15T20:59:00.000Z')
  expect(endOfDay('2026-03-29')).toBe('2026-03-29T20:59:00.000Z') // summer time begins that night
})

it('says how long an author may still answer', () => {
  expect(daysUntil('2026-03-05T12:00:00Z', new Date('2026-03-03T11:59:00Z'))).toBe(2)
  expect(daysUntil('2026-03-03T12:00:00Z', new Date('2026-03-03T11:59:00Z'))).toBe(0)
  expect(daysUntil('2026-03-03T11:58:59Z', new Date('2026-03-03T11:59:00Z'))).toBe(-1)
})

it.each([
  ['j', -1, 0],
  ['ArrowDown', 0, 1],
  ['j', 2, 2],
  ['k', 0, 0],
  ['ArrowUp', 2, 1],
  ['Home', 2, 0],
  ['End', 0, 2],
  ['Enter', 1, undefined],
  ['a', 1, undefined],
])('%s leads from row %i to %s', (key, at, to) => {
  expect(neighbour(key, at, 3)).toBe(to)
})
