// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { inZone } from './city.zone'
import {
  dayAfter,
  dayOf,
  daysSince,
  daysUntil,
  endOfDay,
  fromLocal,
  momentsOf,
  startOfDay,
  toLocal,
  weekdayOf,
} from './day'

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

it('tells of an hour that is there twice, and of one that is not', () => {
  expect(momentsOf('2026-10-25T03:30')).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z'])
  expect(momentsOf('2026-03-29T03:30')).toEqual([])
  expect(momentsOf('2026-07-15T12:00')).toEqual(['2026-07-15T09:00:00.000Z'])
  inZone('Australia/Lord_Howe', () => {
    expect(momentsOf('2026-04-05T01:45')).toHaveLength(2) // its clocks go back by half an hour
  })
})

it('reads every minute that clocks show, to no other', () => {
  for (const from of ['2026-03-28T22:00:00Z', '2026-10-24T22:00:00Z'])
    for (let minute = 0; minute < 300; minute++) {
      const moment = new Date(Date.parse(from) + minute * 60_000).toISOString()
      const found = momentsOf(toLocal(moment))
      expect(found).toContain(moment)
      for (const one of found) expect(toLocal(one)).toBe(toLocal(moment))
    }
})

it('moves an hour that summer time skips to the one after', () => {
  expect(toLocal(fromLocal('2026-03-29T03:30') ?? '')).toBe('2026-03-29T04:30')
})

it.each(['', 'tomorrow', '2026-13-01T00:00', '2026-02-30T12:00', '2026-05-01T24:00', '2026-05-02'])(
  'refuses %j',
  (text) => {
    expect(fromLocal(text)).toBeUndefined()
    expect(momentsOf(text)).toEqual([])
  },
)

it.each([
  ['Europe/Stockholm', '2026-03-29T01:59', '2026-03-29T00:59:00.000Z'],
  ['Europe/Stockholm', '2026-10-25T02:30', '2026-10-25T00:30:00.000Z'],
  ['America/New_York', '2026-07-01T12:00', '2026-07-01T16:00:00.000Z'],
  ['Pacific/Auckland', '2026-07-01T12:00', '2026-07-01T00:00:00.000Z'],
])('reads by the clock of a city in %s', (zone, local, moment) => {
  inZone(zone, () => {
    expect(fromLocal(local)).toBe(moment)
    expect(toLocal(moment)).toBe(local)
  })
})

describe('days', () => {
  it('are the city’s, whatever the browser’s are', () => {
    expect(dayOf('2026-03-01T22:30:00Z')).toBe('2026-03-02')
    inZone('America/New_York', () => {
      expect(dayOf('2026-03-01T22:30:00Z')).toBe('2026-03-01')
    })
    expect(weekdayOf('2026-03-01T22:30:00Z')).toBe(1)
  })

  it('are counted by the calendar, also across a change of the clock', () => {
    expect(dayAfter('2026-03-01T21:59:59Z', 14)).toBe('2026-03-15')
    expect(dayAfter('2026-03-01T22:00:00Z', 14)).toBe('2026-03-16')
    expect(dayAfter('2026-03-28T21:30:00Z', 1)).toBe('2026-03-29') // 24 hours later is half past midnight of the 30th
  })

  it('begin and end by the city’s clock, in winter and in summer', () => {
    expect(startOfDay('2026-03-15')).toBe('2026-03-14T22:00:00.000Z')
    expect(endOfDay('2026-03-15')).toBe('2026-03-15T21:59:00.000Z')
    expect(endOfDay('2026-07-15')).toBe('2026-07-15T20:59:00.000Z')
    expect(endOfDay('2026-03-29')).toBe('2026-03-29T20:59:00.000Z') // summer time begins that night
  })

  it('pass whole', () => {
    expect(daysSince('2026-03-01T12:00:00Z', new Date('2026-03-03T11:59:00Z'))).toBe(1)
    expect(daysSince('2026-03-05T12:00:00Z', new Date('2026-03-03T11:59:00Z'))).toBe(0)
  })

  it('are left until they have passed', () => {
    expect(daysUntil('2026-03-05T12:00:00Z', new Date('2026-03-03T11:59:00Z'))).toBe(2)
    expect(daysUntil('2026-03-03T12:00:00Z', new Date('2026-03-03T11:59:00Z'))).toBe(0)
    expect(daysUntil('2026-03-03T11:58:59Z', new Date('2026-03-03T11:59:00Z'))).toBe(-1)
  })
})
