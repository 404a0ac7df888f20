import { expect, it } from 'vitest'
import { newSerial } from './serial'

it('draws serials that the box takes, another one each time', () => {
  const serials = Array.from({ length: 500 }, newSerial)
  for (const serial of serials) expect(serial).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/)
  expect(new Set(serials).size).toBe(serials.length)
})
