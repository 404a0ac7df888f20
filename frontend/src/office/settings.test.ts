import { expect, it } from 'vitest'
import { allot, slug, split } from './settings'

it('splits by largest remainder, exactly', () => {
  expect(split(100, [3, 3, 1])).toEqual([43, 43, 14])
  expect(split(2, [1, 1, 1])).toEqual([1, 1, 0])
  expect(split(10_000_000, [127_000, 113_000, 95_000]).reduce((a, b) => a + b, 0)).toBe(10_000_000)
  expect(split(5, [0, 0])).toEqual([0, 0])
})

it('gives a fifth to the whole city', () => {
  const area = (id: string, population: number, citywide = false) => ({ id, name: { fi: id }, pot: 0, population, citywide, postal_codes: [] })
  expect(allot([area('a', 1), area('b', 3), area('city', 0, true)], 100_000)).toEqual([20_000, 60_000, 20_000])
})

it('makes addresses', () => {
  expect(slug('OmaStadi 2027 – Itäinen')).toBe('omastadi-2027-itainen')
  expect(slug('!')).toBe('')
})
