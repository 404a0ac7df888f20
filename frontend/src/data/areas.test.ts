import { describe, expect, it } from 'vitest'
import { areaAt } from './areas'

const square = (west: number, south: number, size: number) => [
  [west, south],
  [west + size, south],
  [west + size, south + size],
  [west, south + size],
  [west, south],
]

describe('the area at a point', () => {
  const areas = [
    { area: 'ring', polygons: [[square(0, 0, 9), square(3, 3, 3)]] },
    { area: 'hole', polygons: [[square(3, 3, 3)]] },
    { area: 'islands', polygons: [[square(20, 0, 1)], [square(30, 0, 1)]] },
  ]
  it.each([
    [1, 1, 'ring'],
    [4, 4, 'hole'],
    [0.5, 20.5, 'islands'],
    [0.5, 30.5, 'islands'],
    [0.5, 25, undefined],
    [-1, 1, undefined],
    [1, 9.5, undefined],
  ])('at %f north and %f east is %s', (latitude, longitude, area) => {
    expect(areaAt(areas, latitude, longitude)).toBe(area)
  })
  it('is none where no outline is known', () => {
    expect(areaAt([], 60, 25)).toBeUndefined()
  })
})
