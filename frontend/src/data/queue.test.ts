import { expect, it } from 'vitest'
import { exportHref, neighbour, queueFilterOf } from './queue'

it('takes from the address only what it can mean', () => {
  expect(queueFilterOf(new URLSearchParams('state=nonsense&mine=yes&area=central&late=1&q=+penkki+'))).toEqual({
    area: 'central',
    state: undefined,
    takenByMe: true,
    free: false,
    late: false,
    everywhere: false,
    untranslated: false,
    words: 'penkki',
    sort: 'age',
    descending: false,
  })
})

it.each([
  ['j', -1, 0],
  ['ArrowDown', 0, 1],
  ['j', 2, 2],
  ['k', 0, 0],
  ['ArrowUp', 2, 1],
  ['Home', 2, 0],
  ['End', 0, 2],
  ['Enter', 1, undefined],
  ['a', 1, undefined],
])('%s leads from row %i to %s', (key, at, to) => {
  expect(neighbour(key, at, 3)).toBe(to)
})

it('exports what the list shows', () => {
  const filter = queueFilterOf(
    new URLSearchParams('state=any&area=central&handler=7&q=%2312&sort=deadline&descending=yes'),
  )
  expect(exportHref('r', filter, 'xlsx', 'sv')).toBe(
    '/api/v1/rounds/r/queue/export?format=xlsx&language=sv&area=central&any_state=true&taken_by=7&q=%2312&sort=deadline&descending=true',
  )
})
