import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readMoney, readWholeEuros } from './money'
import { readHundredths, readList, readNumbers, readWhole, writeWhole } from './number'

const shared = JSON.parse(readFileSync('../domain/sheet/testdata/numbers.json', 'utf8')) as {
  hundredths: Record<string, number>
  none: string[]
}

describe('numbers as people write them', () => {
  it.each(Object.entries(shared.hundredths))('reads %j', (text, hundredths) => {
    expect(readHundredths(text)).toBe(hundredths)
    expect(readWhole(text)).toBe(hundredths % 100 === 0 ? hundredths / 100 : undefined)
    for (const money of [text, `${text} €`, `${text}\u00a0euroa`, `€ ${text}`])
      expect(readMoney(money)).toBe(hundredths)
  })

  it.each(shared.none)('refuses %j', (text) => {
    expect(readHundredths(text)).toBeUndefined()
    expect(readWhole(text)).toBeUndefined()
    expect(readMoney(text)).toBeUndefined()
    expect(readMoney(`${text} €`)).toBeUndefined()
  })
})

/** Numbers that look random and are the same at every run (mulberry32). */
function drawing(seed: number) {
  return (below: number) => {
    seed = (seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

describe('whatever is written', () => {
  const draw = drawing(2026)
  const pick = <const T>(from: readonly T[]) => from[draw(from.length)] as T

  it('reads as it was meant, in every way of writing it', () => {
    for (let n = 0; n < 5000; n++) {
      const units = draw(10 ** (1 + draw(9)))
      const cents = draw(100)
      const grouped = (by: string) => String(units).replace(/\B(?=(\d{3})+$)/g, by)
      const decimals = cents === 0 ? pick(['', ',-', ',00', ',0']) : `,${String(cents).padStart(2, '0')}`
      const euros = pick([String(units), grouped(' '), grouped('\u00a0'), grouped('\u202f'), grouped('.')])
      const lone = /^\d+\.\d+$/.test(euros) && decimals === ''
      const [before, after] = pick([
        ['€', ''],
        ['€ ', ' '],
        ['', ' €'],
        ['', '€'],
        ['', '\u00a0eur'],
        ['', ''],
        [' ', ' euroa'],
      ])
      const text = `${before}${euros}${decimals}${after}`
      expect([text, readMoney(text)]).toEqual([text, lone ? undefined : units * 100 + cents])
    }
  })

  it('loses and adds no digit, and takes no sign, letter or second number', () => {
    const signs = [...'0123456789  ..,,-+e€x\u00a0\u202f½１']
    let read = 0
    for (let n = 0; n < 100_000; n++) {
      const text = Array.from({ length: 1 + draw(9) }, () => pick(signs)).join('')
      const cents = readMoney(text)
      if (cents === undefined) continue
      read++
      const [units = '', rest = ''] = text.trim().split(/[.,](?=\d{0,2}-?\D*$)/)
      const digits = units.replace(/\D/g, '') + rest.replace(/\D/g, '').padEnd(2, '0')
      expect([text, String(cents)]).toEqual([text, digits.replace(/^0+(?=.)/, '')])
      expect(text).toMatch(/^\s*€?[\d .,\u00a0\u202f]+-?[\s€]*$/)
    }
    expect(read).toBeGreaterThan(1000)
  })

  it('is read again as it is written into a field', () => {
    for (let n = 0; n < 1000; n++) {
      const number = draw(10 ** (1 + draw(9)))
      expect(readWhole(writeWhole(number))).toBe(number)
    }
    expect(writeWhole(NaN)).toBe('')
    expect(writeWhole(undefined)).toBe('')
  })
})

it('refuses cents where whole euros are asked for', () => {
  expect(readWholeEuros('1000,50')).toBeUndefined()
  expect(readWholeEuros('1000,00')).toBe(100_000)
})

describe('lists', () => {
  it('are parted as one likes', () => {
    expect(readList(' 00100,00120;00130\n00140  00150,')).toEqual(['00100', '00120', '00130', '00140', '00150'])
    expect(readList('091049')).toEqual(['091049'])
    expect(readList('')).toEqual([])
  })

  it('of numbers hold each once, or nothing where one cannot be read', () => {
    expect(readNumbers('12, 15 12')).toEqual([12, 15])
    expect(readNumbers('')).toEqual([])
    for (const text of ['12, x', '0', '-3', '1.5', '12-15', '1e3', '0x1f', '1234567890', '+4'])
      expect(readNumbers(text)).toBeUndefined()
  })
})

it('reads no whole number above the most', () => {
  expect(readWhole('1 000', 1000)).toBe(1000)
  expect(readWhole('1001', 1000)).toBeUndefined()
})
