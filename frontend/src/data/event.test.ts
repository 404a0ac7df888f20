import { describe, expect, it } from 'vitest'
import { eventFilterOf, monthText } from './event'

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
