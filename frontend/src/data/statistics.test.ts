import { describe, expect, it } from 'vitest'
import { bandOf, costOfAll, turnoutRows, type TurnoutTable } from './statistics'

const table = (columns: TurnoutTable['columns'], ...rows: [string, (number | undefined)[], number | undefined][]) => ({
  few: false,
  columns,
  rows: rows.map(([key, cells, total]) => ({
    key,
    unknown: key === 'western',
    cells: cells.map((number) => ({ number })),
    total: { number: total },
  })),
  total: { key: '', unknown: false, cells: [], total: {} },
})

describe('the rows of turnout', () => {
  it('tell who voted of how many, and leave out where there is nobody', () => {
    const of = table(
      [['used'], ['unused']],
      ['southern', [5, 20], 25],
      ['western', [undefined, undefined], 40],
      ['e', [0, 0], 0],
    )
    expect(turnoutRows(of)).toEqual([
      { key: 'southern', unknown: false, used: 5, rights: 25 },
      { key: 'western', unknown: true, used: undefined, rights: 40 },
    ])
  })
  it('do not take both together for those who voted', () => {
    expect(turnoutRows(table([['used', 'unused']], ['southern', [25], 25]))[0]?.used).toBeUndefined()
  })
})

it('names bands of ages by the next one', () => {
  const rows = [{ key: '0' }, { key: '18' }, { key: '75' }, { key: 'unknown' }]
  expect(['0', '18', '75'].map((key) => bandOf(rows, key))).toEqual([
    [undefined, 17],
    [18, 74],
    [75, undefined],
  ])
})

it('sums the costs of areas up', () => {
  const cost = (area: string, n: number) => ({
    area,
    all: { projects: n, estimate: n * 100, actual: n * 90 },
    done: { projects: 1, estimate: 100, actual: 110 },
    cancelled: n - 1,
  })
  expect(costOfAll([cost('a', 1), cost('b', 3)])).toEqual({
    all: { projects: 4, estimate: 400, actual: 360 },
    done: { projects: 2, estimate: 200, actual: 220 },
    cancelled: 2,
  })
})
