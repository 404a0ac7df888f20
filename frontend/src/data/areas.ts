import type { Schemas } from '@/lib/api'

/** The area that a point lies in: the first one whose outline has it inside, by the even-odd rule. */
export function areaAt(areas: Schemas['MapArea'][], latitude: number, longitude: number): string | undefined {
  return areas.find(({ polygons }) =>
    polygons.some((rings) => rings.filter((ring) => encloses(ring, latitude, longitude)).length % 2 === 1),
  )?.area
}

/** Counts the sides that a ray to the east crosses. */
function encloses(ring: number[][], latitude: number, longitude: number): boolean {
  let inside = false
  ring.forEach(([east = 0, north = 0], i) => {
    const [lastEast = 0, lastNorth = 0] = ring.at(i - 1) ?? []
    if (
      north > latitude !== lastNorth > latitude &&
      longitude < east + ((latitude - north) / (lastNorth - north)) * (lastEast - east)
    )
      inside = !inside
  })
  return inside
}
