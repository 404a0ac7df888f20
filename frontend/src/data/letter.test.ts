import { expect, it } from 'vitest'
import { missingIn, unknownIn } from './letter'

const known = [
  { name: 'title', needed: false },
  { name: 'link', needed: true },
]

it.each([
  ['Hei {title}', undefined],
  ['Hei {titel}, {link}', '{titel}'],
  ['Hei {title', '{'],
  ['Hei title}', '}'],
  ['{{title}}', '{'],
  ['', undefined],
])('finds what nothing fills in %j', (text, wrong) => {
  expect(unknownIn(text, known)).toBe(wrong)
})

it('finds what a letter must have', () => {
  expect(missingIn('Hei {title}', known)).toBe('link')
  expect(missingIn('{link}', known)).toBeUndefined()
})
