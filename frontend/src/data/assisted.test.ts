import { expect, test } from 'vitest'
import { base64Of, counted, lettersOf, type Row } from './assisted'

const row = (more: Partial<Row>): Row => ({ line: 2, title: 'Penkki', status: 'made', faults: [], ...more })

test('files of any size become base64', async () => {
  const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256)
  const text = atob(await base64Of(new Blob([bytes])))
  expect(text).toHaveLength(70_000)
  expect(text.charCodeAt(69_999)).toBe(69_999 % 256)
})

test('rows are counted by their status', () => {
  expect(counted([row({}), row({ status: 'faulty' }), row({ status: 'faulty' })])).toEqual({
    made: 1,
    known: 0,
    faulty: 2,
  })
})

test('only what was made has a letter', () => {
  const rows = [
    row({ proposal: 7, code: 'ABCD-EFGH-JKMN', name: 'Helvi' }),
    row({ status: 'known', proposal: 3 }),
    row({}),
  ]
  expect(lettersOf(rows)).toEqual([{ id: 7, title: 'Penkki', code: 'ABCD-EFGH-JKMN', name: 'Helvi' }])
})
