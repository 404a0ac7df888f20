import { describe, expect, it } from 'vitest'
import { eventFilterOf, monthText, pointOf, timeText } from './event'

describe('times of events', () => {
  it('are Helsinki’s, also on the night when the clock changes', () => {
    expect(timeText('fi', { begins: '2026-11-24T15:00:00Z', ends: '2026-11-24T17:00:00Z' })).toBe(
      'ti 24.11.2026 klo 17.00–19.00',
    )
    expect(timeText('sv', { begins: '2026-03-29T00:30:00Z', ends: '2026-03-29T01:30:00Z' })).toMatch(/2[.:]30–4[.:]30$/)
    expect(timeText('en', { begins: '2026-10-24T20:00:00Z', ends: '2026-10-24T22:00:00Z' })).toMatch(
      /23:00 – Sun,? 25 Oct 2026, 1:00$/,
    )
  })
  it('names months in the page’s language', () => {
    expect([monthText('fi', '2026-11'), monthText('sv', '2026-11'), monthText('en', '2026-11')]).toEqual([
      'marraskuu 2026',
      'november 2026',
      'November 2026',
    ])
  })
})

describe('addresses', () => {
  it('hold what they can mean', () => {
    expect(eventFilterOf(new URLSearchParams('area=southern&kind=voting&spoken=so&month=2026-11'))).toEqual({
      area: 'southern',
      kind: 'voting',
      spoken: 'so',
      month: '2026-11',
    })
    expect(eventFilterOf(new URLSearchParams('kind=party&spoken=xx&month=2026-13'))).toEqual({})
  })
})

describe('coordinates', () => {
  it('are two numbers in degrees', () => {
    expect(pointOf(' 60.17, 24.94 ')).toEqual({ latitude: 60.17, longitude: 24.94 })
    for (const wrong of ['', '60', '60;24', '95, 24', 'a, b', '60, 24, 1']) expect(pointOf(wrong)).toBeUndefined()
  })
})
