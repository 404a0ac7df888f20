import { expect, it } from 'vitest'
import { pathsOf, wide } from './shapes'

const square = (area: string, west: number, south: number) => ({
  area,
  polygons: [
    [
      [
        [west, south],
        [west + 0.1, south],
        [west + 0.1, south + 0.1],
        [west, south + 0.1],
        [west, south],
      ],
    ],
  ],
})

it('draws north above south and east right of west, in the shape of the ground', () => {
  const { height, paths } = pathsOf([square('southwest', 24.9, 60.1), square('northeast', 25, 60.2)])
  const [southwest, northeast] = paths
  expect(southwest?.x).toBeLessThan(northeast?.x ?? 0)
  expect(southwest?.y).toBeGreaterThan(northeast?.y ?? 0)
  // At 60° north a degree of longitude is half as long as one of latitude.
  expect(height / wide).toBeCloseTo(2, 1)
  expect(northeast?.d).toMatch(/^M200 /)
})

it('draws nothing of no areas', () => {
  expect(pathsOf([]).paths).toEqual([])
})
