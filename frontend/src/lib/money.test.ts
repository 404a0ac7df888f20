import { describe, expect, it } from 'vitest'
import { readMoney, readWholeEuros, writeMoney } from './money'

describe('reading what people write', () => {
  it.each([
    ['12500', 1_250_000],
    ['12 500', 1_250_000],
    ['12\u00a0500,50 €', 1_250_050],
    ['12\u202f500', 1_250_000],
    ['€12 500', 1_250_000],
    ['1.868.353', 186_835_300],
    ['1.868.353,20', 186_835_320],
    ['12.345,50', 1_234_550],
    ['100 000,-', 10_000_000],
    ['0', 0],
    ['7.5', 750],
  ])('%s', (text, cents) => {
    expect(readMoney(text)).toBe(cents)
  })

  it.each([
    '',
    ' ',
    '-5',
    '-1',
    '1,234,5',
    '12.345',
    '1e5',
    'abc',
    '1,2,3',
    '2,5 milj.',
    '1 2 3',
    '12 50',
    '5 €€',
    '999999999999999',
  ])('refuses %j', (text) => {
    expect(readMoney(text)).toBeUndefined()
  })

  it('refuses cents where whole euros are asked for', () => {
    expect(readWholeEuros('1000,50')).toBeUndefined()
    expect(readWholeEuros('1000,00')).toBe(100_000)
  })
})

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
