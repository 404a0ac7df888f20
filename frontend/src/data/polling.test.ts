import { expect, test } from 'vitest'
import { alarmsOf, openAt, sumsOf } from './polling'

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

const noon = new Date('2026-10-01T12:00:00Z')
const kiosks = [{ id: 1, name: 'K', enrolled: true, ends: '2026-10-01T21:00:00Z' }]
const hour = (what: 'code' | 'kiosk', n: number, begins = '2026-10-01T11:00:00Z') => ({ what, n, begins })

test.each([
  ['goes well', kiosks, [hour('code', 12), hour('kiosk', 9)], []],
  ['has no kiosk', [], [hour('kiosk', 1)], ['no_kiosk']],
  [
    'has one that waits for its code',
    kiosks.map((one) => ({ ...one, enrolled: false })),
    [hour('kiosk', 1)],
    ['no_kiosk'],
  ],
  ['gives codes that nobody votes with', kiosks, [hour('code', 12), hour('kiosk', 7)], ['unused']],
  ['has given few codes', kiosks, [hour('code', 9), hour('kiosk', 1)], []],
  ['is quiet', kiosks, [hour('kiosk', 5, '2026-10-01T08:00:00Z')], ['quiet']],
  ['was busy an hour ago', kiosks, [hour('kiosk', 5, '2026-10-01T10:00:00Z')], []],
  ['counts the day alone', kiosks, [hour('code', 50, '2026-09-30T11:00:00Z'), hour('kiosk', 1)], []],
])('a place that %s is told of', (_, kiosks, hours, alarms) => {
  const place = { times, kiosks, hours }
  expect(alarmsOf(place, sumsOf(place, noon), noon)).toEqual(alarms)
})
