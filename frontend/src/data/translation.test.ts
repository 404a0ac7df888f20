import { describe, expect, it } from 'vitest'
import { after, filterOf, sheetHref } from './translation'

const rows = [{ proposal: 7 }, { proposal: 3 }, { proposal: 9 }]

describe('after', () => {
  it.each([
    [7, 3],
    [9, 7], // from the end it goes on at the beginning
    [8, 7], // of a list that does not have it, the first
  ])('after %i comes %i', (from, to) => {
    expect(after(rows, from)).toBe(to)
  })
  it('is nobody where nothing else waits', () => {
    expect(after([{ proposal: 7 }], 7)).toBeUndefined()
    expect(after([], 7)).toBeUndefined()
  })
})

describe('filterOf', () => {
  it('shows what waits unless all is asked for, and knows no other languages', () => {
    expect(filterOf(new URLSearchParams(''))).toEqual({ open: true })
    expect(filterOf(new URLSearchParams('all=yes&language=de&subject=rejected&from=100'))).toEqual({
      open: false,
      subject: 'rejected',
      offset: 100,
    })
  })
})

it('asks for the sheet of what is shown', () => {
  expect(sheetHref('r', { open: true, area: 'south' }, 'sv', 'csv', 'fi')).toBe(
    '/api/v1/rounds/r/translations/sheet?into=sv&format=csv&language=fi&open=true&area=south',
  )
})
