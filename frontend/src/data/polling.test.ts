import { expect, test } from 'vitest'
import { alarmsOf, declaredAt, openAt, sumsOf } from './polling'

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
const hour = (what: 'code' | 'kiosk' | 'paper', n: number, begins = '2026-10-01T11:00:00Z') => ({ what, n, begins })

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
  ['gives out paper alone', kiosks, [hour('paper', 3)], []],
  ['is quiet', kiosks, [hour('kiosk', 5, '2026-10-01T08:00:00Z')], ['quiet']],
  ['was busy an hour ago', kiosks, [hour('kiosk', 5, '2026-10-01T10:00:00Z')], []],
  ['counts the day alone', kiosks, [hour('code', 50, '2026-09-30T11:00:00Z'), hour('kiosk', 1)], []],
])('a place that %s is told of', (_, kiosks, hours, alarms) => {
  const place = { times, kiosks, hours }
  expect(alarmsOf(place, sumsOf(place, noon), noon)).toEqual(alarms)
})

const evening = new Date('2026-10-01T17:00:00Z')

test.each([
  ['as many sheets as marks', evening, 5, 5, []],
  ['fewer sheets', evening, 5, 4, ['parted']],
  ['marks, and no batch', evening, 5, 0, ['parted']],
  ['more sheets than marks', evening, undefined, 1, ['parted']],
  ['fewer sheets, while it is open', noon, 5, 4, []],
  ['batches that are not known yet', evening, 5, undefined, []],
])('of a place with %s is told what parts', (_, now, paper, declared, alarms) => {
  const place = { times, kiosks, hours: [hour('paper', 1)], paper }
  expect(alarmsOf(place, sumsOf(place, now), now, declared)).toEqual(alarms)
})

test('sheets are those of the place alone, with what was taken away', () => {
  const batch = (place: string, declared: number) => ({
    batch: 'A',
    paper: 'p',
    place,
    day: '2026-10-01',
    state: 'open' as const,
    attempt: 1,
    marked: 0,
    declared,
    agreed: 0,
    decided: 0,
    uncounted: 0,
    taken_away: 1,
    missing: 0,
    difference: 0,
  })
  expect(
    declaredAt({ place: 'Kirjasto', address: 'Katu 1' }, [
      batch('Kirjasto, Katu 1', 4),
      batch('Kirjasto', 2),
      batch('Kirjasto, Katu 1', 3),
    ]),
  ).toBe(9)
})
