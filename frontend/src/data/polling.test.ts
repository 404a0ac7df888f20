import { expect, test } from 'vitest'
import { openAt } from './polling'

const times = [
  { begins: '2026-10-02T06:00:00Z', ends: '2026-10-02T16:00:00Z' },
  { begins: '2026-10-01T06:00:00Z', ends: '2026-10-01T16:00:00Z' },
]

test.each([
  ['2026-10-01T05:59:59Z', '2026-10-01T06:00:00Z', false],
  ['2026-10-01T06:00:00Z', '2026-10-01T06:00:00Z', true],
  ['2026-10-01T16:00:00Z', '2026-10-02T06:00:00Z', false],
  ['2026-10-02T15:59:59Z', '2026-10-02T06:00:00Z', true],
])('at %s a place is open from %s on, now: %s', (now, begins, open) => {
  expect(openAt({ times }, new Date(now))).toMatchObject({ begins, open })
})

test('after its last time a place is open no more', () => {
  expect(openAt({ times }, new Date('2026-10-02T16:00:00Z'))).toBeUndefined()
})
