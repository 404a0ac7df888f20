import { expect, it } from 'vitest'
import { fromLocal, toLocal } from './helsinki'

it.each([
  ['2026-01-15T12:00', '2026-01-15T10:00:00.000Z'],
  ['2026-07-15T12:00', '2026-07-15T09:00:00.000Z'],
  ['2026-03-29T02:59', '2026-03-29T00:59:00.000Z'], // the last minute of winter time
  ['2026-03-29T04:00', '2026-03-29T01:00:00.000Z'],
  ['2026-10-25T03:30', '2026-10-25T00:30:00.000Z'], // there twice: the first
  ['2026-10-25T04:00', '2026-10-25T02:00:00.000Z'],
])('%s in Helsinki', (local, moment) => {
  expect(fromLocal(local)).toBe(moment)
  expect(toLocal(moment)).toBe(local)
})

it('moves an hour that summer time skips to the one after', () => {
  expect(toLocal(fromLocal('2026-03-29T03:30') ?? '')).toBe('2026-03-29T04:30')
})

it.each(['', 'tomorrow', '2026-13-01T00:00', '2026-05-02'])('refuses %j', (text) => {
  expect(fromLocal(text)).toBeUndefined()
})
