import { describe, expect, it } from 'vitest'
import { eventFilterOf, monthText, pointOf } from './event'

it('names months in the page’s language', () => {
  expect((['fi', 'sv', 'en'] as const).map((lang) => monthText(lang, '2026-11'))).toEqual([
    'marraskuu 2026',
    'november 2026',
    'November 2026',
  ])
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
