import { expect, it } from 'vitest'
import { readMoney, writeMoney } from './money'

it.each([0, 5, 50, 100, 1_250_050, 186_835_300])(
  'writes %i cents into a field so that they are read again',
  (cents) => {
    expect(readMoney(writeMoney(cents))).toBe(cents)
  },
)

it('writes nothing where there is no amount', () => {
  expect(writeMoney(undefined)).toBe('')
  expect(writeMoney(NaN)).toBe('')
})
