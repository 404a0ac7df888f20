// @vitest-environment jsdom
import { expect, it } from 'vitest'
import { reminder } from './reminder'

it('is an entry for the day after the close, in lines of 75 octets', () => {
  const title = `Tulokset; ${'äänestyksen, jossa on pitkä nimi '.repeat(4)}`
  const text = reminder('2026-12-06T18:00:00Z', new Date('2026-11-29T10:11:12.345Z'), title, 'https://example.org/r')
  const lines = text.split('\r\n')
  expect(lines).toContain('DTSTART;VALUE=DATE:20261207')
  expect(lines).toContain('DTSTAMP:20261129T101112Z')
  expect(lines.every((line) => new TextEncoder().encode(line).length <= 75)).toBe(true)
  expect(text.replaceAll('\r\n ', '')).toContain(`SUMMARY:${title.replace(/[;,]/g, '\\$&')}\r\n`)
  expect(text).toMatch(/END:VCALENDAR\r\n$/)
})
