import type { Schemas } from '@/lib/api'

type Shape = Schemas['MapArea']

/** How wide the picture is, in its own units. */
export const wide = 400

/**
 * Areas as paths of a picture, as wide as a map of them would be at their middle latitude (plate carrée): far too small for a
 * projection to matter.
 */
export function pathsOf(shapes: Shape[]): {
  height: number
  paths: { area: string; d: string; x: number; y: number }[]
} {
  const all = shapes.flatMap(({ polygons }) => polygons.flat(2))
  const [west, east] = range(all.map(([longitude = 0]) => longitude))
  const [south, north] = range(all.map(([, latitude = 0]) => latitude))
  const scale = wide / (east - west || 1)
  const tall = scale / Math.cos((((south + north) / 2) * Math.PI) / 180)
  const x = (longitude = 0) => round((longitude - west) * scale)
  const y = (latitude = 0) => round((north - latitude) * tall)
  return {
    height: Math.max(1, Math.ceil((north - south) * tall)),
    paths: shapes.map(({ area, polygons }) => {
      const largest = polygons.flatMap(([ring]) => (ring ? [ring] : [])).sort((a, b) => b.length - a.length)[0] ?? []
      const [left, right] = range(largest.map(([longitude = 0]) => longitude))
      const [low, high] = range(largest.map(([, latitude = 0]) => latitude))
      return {
        area,
        d: polygons
          .flat()
          .map((ring) => `M${ring.map(([longitude, latitude]) => `${x(longitude)} ${y(latitude)}`).join('L')}z`)
          .join(''),
        x: Number(x((left + right) / 2)),
        y: Number(y((low + high) / 2)),
      }
    }),
  }
}

const round = (value: number) => String(Math.round(value * 10) / 10)
const range = (values: number[]): [number, number] =>
  values.reduce<[number, number]>(
    ([low, high], one) => [Math.min(low, one), Math.max(high, one)],
    [Infinity, -Infinity],
  )
