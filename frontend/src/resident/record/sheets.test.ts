import { describe, expect, it } from 'vitest'
import { agrees, recorded, type DrawnSheet } from './sheets'

const sheet = (choices: number[], points?: number[]): DrawnSheet => ({
  batch: 'A',
  serial: 'AB123CD4',
  area: 'a',
  withheld: false,
  choices,
  points,
})

describe('a sheet that was fetched', () => {
  it.each([
    ['as it is', sheet([1, 12]), '1 12', true],
    ['in another order', sheet([1, 12]), '12, 1', true],
    ['one is missing', sheet([1, 12]), '1', false],
    ['one is another', sheet([1, 12]), '1 11', false],
    ['points', sheet([1, 12], [3, 2]), '12:2 1:3', true],
    ['other points', sheet([1, 12], [3, 2]), '1:2 12:3', false],
    ['a ranking', sheet([12, 1]), '12 1', true],
    ['a ranking in another order', sheet([1, 12]), '12 1', false],
  ])('%s', (what, of, typed, same) => {
    expect(agrees(of, typed, what.includes('ranking'))).toBe(same)
  })
  it('is not looked at yet', () => {
    expect(agrees(sheet([1]), ' ', false)).toBeUndefined()
    expect(recorded(sheet([1, 12], [3, 2]))).toBe('1:3 12:2')
  })
})
