import { describe, expect, it } from 'vitest'
import { acceptedShare, keyText } from './equality'

const row = (...numbers: (number | undefined)[]) => ({
  key: '',
  cells: numbers.map((number) => ({ number })),
  total: {},
})

describe('the share of accepted proposals', () => {
  const columns = [['accepted'], ['rejected'], ['pending']]
  it('is of the decided ones', () => {
    expect(acceptedShare(columns, row(6, 2, 90))).toBe(0.75)
  })
  it('counts what was selected and what was not', () => {
    expect(acceptedShare([['selected'], ['not_selected'], ['rejected']], row(1, 5, 2))).toBe(0.75)
    expect(acceptedShare([['selected'], ['not_selected'], ['rejected']], row(undefined, 5, 2))).toBeUndefined()
  })
  it('is not told where a part of it is not, or where parts are counted together', () => {
    expect(acceptedShare(columns, row(undefined, 20, 5))).toBeUndefined()
    expect(acceptedShare(columns, row(0, 0, 5))).toBeUndefined()
    expect(acceptedShare([['accepted', 'rejected'], ['pending']], row(8, 90))).toBeUndefined()
  })
})

describe('names of rows', () => {
  it('are in the page’s language', () => {
    const area = (id: string) => (id === 'southern' ? 'Eteläinen' : 'Hela staden')
    expect([
      keyText('area', 'southern', 'fi', area, String),
      keyText('area', '', 'sv', area, String),
      keyText('language', 'sv', 'fi', area, String),
      keyText('channel', 'phone', 'fi', area, () => 'puhelin'),
    ]).toEqual(['Eteläinen', 'Hela staden', 'ruotsi', 'puhelin'])
  })
})
