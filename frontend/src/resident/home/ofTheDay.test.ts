import { expect, it } from 'vitest'
import { ofTheDay } from './ofTheDay'

const day = 86_400_000

it('shows three, and every one within as many days as it takes', () => {
  const all = Array.from({ length: 10 }, (_, index) => index)
  const seen = Array.from({ length: 10 }, (_, index) => ofTheDay(all, index * day))
  expect(seen.every((some) => new Set(some).size === 3)).toBe(true)
  expect(new Set(seen.flat())).toEqual(new Set(all))
  expect(ofTheDay(all, day)).toEqual(ofTheDay(all, 2 * day - 1))
})

it('shows what there is of fewer', () => {
  expect(ofTheDay(['a', 'b'], 5 * day).sort()).toEqual(['a', 'b'])
  expect(ofTheDay([], 5 * day)).toEqual([])
})
