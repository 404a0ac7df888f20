// @vitest-environment jsdom
import { expect, it } from 'vitest'
import { calendarOf } from '@/lib/calendar'
import { datesOf } from './dates'

const window = (opens: string, closes: string) => ({ opens, closes })
const round = {
  times: {
    proposing: window('2026-09-01T06:00:00Z', '2026-09-30T21:00:00Z'), // midnight in Helsinki
    vetting: window('2026-10-01T06:00:00Z', '2026-10-20T06:00:00Z'),
    voting: window('2026-11-01T06:00:00Z', '2026-11-15T18:00:00Z'),
  },
}
const say = (date: string, tomorrow: boolean) => (tomorrow ? `${date} tomorrow` : date)
const days = (now: string) =>
  datesOf(round, new Date(now), say, 'https://example.org/r').map(({ day, title }) => `${day} ${title}`)

it('names the days to come: an end at midnight is the day before', () => {
  expect(days('2026-09-10T06:00:00Z')).toEqual([
    '2026-09-30 proposing_ends',
    '2026-11-01 voting_begins',
    '2026-11-15 voting_ends',
  ])
  expect(days('2026-11-02T06:00:00Z')).toEqual(['2026-11-15 voting_ends'])
  expect(days('2026-11-15T06:00:00Z')).toEqual([])
})

it('says the day before that something ends', () => {
  const now = new Date('2026-11-02T06:00:00Z')
  const lines = calendarOf(datesOf(round, now, say, 'https://example.org/r'), now).split('\r\n')
  expect(lines).toContain('DTSTART;VALUE=DATE:20261115')
  expect(lines).toContain('TRIGGER:-PT12H')
  expect(lines).toContain('DESCRIPTION:voting_ends tomorrow')
})
