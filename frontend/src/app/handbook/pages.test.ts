import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import fi from './handbook.fi.json'
import { pageAt, pages } from './pages'

it('has a text for each page, and a page for each text', () => {
  expect(pages.map(({ key }) => key)).toEqual(Object.keys(fi.pages))
})

it.each([
  ['/desk/omastadi-2027', 'queue'],
  ['/desk/omastadi-2027/17', 'case'],
  ['/desk/omastadi-2027/translations/17/sv', 'translations'],
  ['/desk/delivery', 'delivery'],
  ['/desk/omastadi-2027/delivery/4/0', 'delivery'],
  ['/desk/handbook', undefined],
  ['/desk', undefined],
  ['/office', 'rounds'],
  ['/office/', 'rounds'],
  ['/office/people', 'people'],
  ['/office/omastadi-2027', 'control'],
  ['/office/omastadi-2027/letters', 'letters'],
  ['/polling/omastadi-2027/3', 'polling'],
  ['/polling/omastadi-2027/batches', 'batches'],
  ['/polling/omastadi-2027/batches/7', 'keying'],
  ['/help-desk', 'help_desk'],
])('knows what %s is', (address, page) => {
  expect(pageAt(address)).toBe(page)
})

// A page that somebody adds gets a text, too.
it.each([
  ['desk', 'src/desk/Desk.tsx', '/desk'],
  ['office', 'src/office/Office.tsx', '/office'],
  ['voting places', 'src/polling/Polling.tsx', '/polling'],
])('says what each page of the %s is for', (_, file, root) => {
  const paths = [...readFileSync(file, 'utf8').matchAll(/<Route path="([^"]+)"/g)].map(([, path = '']) => path)
  expect(paths.length).toBeGreaterThan(5)
  const silent = paths
    .map((path) => root + path.replace(/\/\*$/, '').replace(':round', 'r').replaceAll(/:\w+/g, '1'))
    .filter((path) => pageAt(path) === undefined)
  expect(silent).toEqual(root === '/desk' ? ['/desk/'] : []) // which only leads on
})
