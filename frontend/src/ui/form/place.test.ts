import { expect, it } from 'vitest'
import { placeOf } from './place'

it.each([
  ['title', ['title'], 'title'],
  ['assisted.text.title', ['title', 'text'], 'text'],
  ['assisted.text.title', ['title'], 'title'],
  [
    'settings.areas[2].postal_codes[0]',
    ['settings.areas[2].postal_codes', 'settings'],
    'settings.areas[2].postal_codes',
  ],
  ['settings.areas[2].citywide', ['settings.areas[2]'], 'settings.areas[2]'],
  ['estimates[0].cost.minimum', ['cost.minimum'], 'cost.minimum'],
  ['version', ['title'], undefined],
  ['', ['title'], undefined],
])('places %s', (path, ids, place) => {
  expect(placeOf(path, (id) => ids.includes(id))).toBe(place)
})
