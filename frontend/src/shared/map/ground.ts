import { canvas, control, map as makeMap, polygon, polyline, tileLayer, type Map } from 'leaflet'
import type { Schemas } from '@/lib/api'
import { city } from '@/lib/city'

/** Where a map without points stands. */
export function middle(): [number, number] {
  const { latitude, longitude } = city().middle
  return [latitude, longitude]
}

/** Distance of the lines that are drawn where there are no tiles, in degrees of latitude. */
const grid = 0.02

/** A map that shows nothing yet but where it is. */
export function makeGround(box: HTMLElement, ground: Schemas['Map']): Map {
  const map = makeMap(box, {
    zoomControl: false,
    attributionControl: false,
    minZoom: 9,
    maxZoom: 19,
    zoomAnimation: false,
    fadeAnimation: false,
  })
  control.scale({ imperial: false }).addTo(map)
  lay(map, ground)
  for (const { polygons } of ground.areas) {
    const rings = polygons.map((rings) =>
      rings.map((ring) => ring.map(([east = 0, north = 0]): [number, number] => [north, east])),
    )
    polygon(rings, { color: '#0000bf', weight: 1, fillOpacity: 0.04, interactive: false, renderer: canvas() }).addTo(
      map,
    )
  }
  return map
}

/** The city's tiles with their credit as plain text, or lines of latitude and longitude. */
function lay(map: Map, { tiles, credit }: Schemas['Map']) {
  if (!tiles) {
    const [latitude, longitude] = middle()
    const wide = grid / Math.cos((latitude * Math.PI) / 180) // as far apart in degrees of longitude
    const style = { color: '#b4b4b4', weight: 1, interactive: false, renderer: canvas() }
    for (let n = -15; n <= 15; n++) {
      const [north, east] = [latitude + n * grid, longitude + n * wide]
      polyline(
        [
          [north, longitude - 15 * wide],
          [north, longitude + 15 * wide],
        ],
        style,
      ).addTo(map)
      polyline(
        [
          [latitude - 15 * grid, east],
          [latitude + 15 * grid, east],
        ],
        style,
      ).addTo(map)
    }
    return
  }
  const words = document.createElement('span')
  words.textContent = credit ?? ''
  control.attribution({ prefix: false }).addAttribution(words.innerHTML).addTo(map)
  tileLayer(tiles, { maxZoom: 19 }).addTo(map)
}
