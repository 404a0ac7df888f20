// @vitest-environment jsdom
import { expect, it } from 'vitest'
import { noMoment, readMoment, writeMoment } from './MomentField'

it.each(['2026-10-25T00:30:59Z', '2026-10-25T01:30:20.123Z', '2026-06-01T12:00:00+05:00'])(
  'keeps %s to its last digit while nobody writes another',
  (moment) => {
    expect(writeMoment(moment).moment).toBe(moment)
    expect(noMoment(writeMoment(moment))).toBeUndefined()
  },
)

it('asks about an hour that is there twice, and tells of one that is not', () => {
  expect(noMoment(readMoment('2026-10-25T03:30'))).toBe('which')
  expect(noMoment(readMoment('2026-03-29T03:30'))).toBe('skipped')
  expect(noMoment(readMoment(''))).toBe('no_time')
  expect(readMoment('2026-06-01T12:00')).toEqual({ local: '2026-06-01T12:00', moment: '2026-06-01T09:00:00.000Z' })
})
