import { expect, it } from 'vitest'
import { firstSentence, ordered } from './order'
import type { BallotProject } from './voting'

const project = (number: number, cost: number): BallotProject => ({
  number,
  cost,
  area: 'a',
  title: { fi: String(number) },
  withdrawn: false,
  proposal: number + 100,
  conflicts: [],
})

it('orders by favourites, price and number, and leaves equals in the day’s order', () => {
  const day = [project(3, 20), project(1, 10), project(2, 20)]
  const numbers = (order: Parameters<typeof ordered>[1]) => ordered(day, order, [102]).map(({ number }) => number)
  expect(numbers('day')).toEqual([3, 1, 2])
  expect(numbers('favourite')).toEqual([2, 3, 1])
  expect(numbers('cheapest')).toEqual([1, 3, 2])
  expect(numbers('dearest')).toEqual([3, 2, 1])
  expect(numbers('number')).toEqual([1, 2, 3])
})

it('says the first sentence of a text, and of a long one as many words as fit', () => {
  expect(firstSentence('Aidattu puisto koirille. Lisäksi penkkejä.', 'fi')).toBe('Aidattu puisto koirille.')
  expect(firstSentence('  ', 'fi')).toBe('')
  const long = firstSentence(`${'sana '.repeat(60)}.`, 'fi')
  expect(long.length).toBeLessThanOrEqual(161)
  expect(long).toMatch(/sana…$/)
})
