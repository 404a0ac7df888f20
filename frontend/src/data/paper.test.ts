import { expect, test } from 'vitest'
import { batchName, uncountedYet, type Batch } from './paper'

test.each([
  [' kallio1 ', 'KALLIO1'],
  ['KALLIO-1', undefined],
  ['KALLIONKIRJASTO', undefined],
  ['töölö', undefined],
  ['', undefined],
])('%j is the batch %s', (typed, name) => {
  expect(batchName(typed)).toBe(name)
})

test('sheets of open batches are not counted yet, whatever was read of them', () => {
  const batch = (state: Batch['state'], declared: number) => ({ state, declared }) as Batch
  expect(uncountedYet([batch('open', 200), batch('sealed', 50), batch('left_out', 3), batch('open', 1)])).toBe(201)
})
