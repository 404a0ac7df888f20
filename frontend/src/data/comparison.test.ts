import { describe, expect, it } from 'vitest'
import { errorsOf, readSeen, standing, type Findings } from './comparison'

describe('what was seen on a sheet', () => {
  it.each([
    ['1 12', '1 12'],
    [' 1, 12;3 ', '1 12 3'],
    ['12 : 3, 1:2', '12:3 1:2'],
    ['-', ''],
    ['', undefined],
    ['x', undefined],
    ['1:2:3', undefined],
    ['1 -', undefined],
  ])('%s', (typed, read) => {
    expect(readSeen(typed)).toBe(read)
  })
})

it('tells whether an outcome stands', () => {
  const found: Findings = {
    alike: 8,
    other: [{ batch: 'A', serial: 'AB123CD4', seen: '1', recorded: '2' }],
    missing: [{ batch: 'A', serial: 'AB123CD5' }],
    unseen: 0,
    estimated: 20,
    areas: [],
  }
  expect(errorsOf(found)).toBe(2)
  expect([undefined, 19, 20].map((sheets) => standing(found, sheets))).toEqual(['unknown', 'could', 'stands'])
})
