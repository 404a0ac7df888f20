import type { Schemas } from './api'
import { city } from './city'

type Point = Schemas['Point']

// With decimal points any comma, semicolon or space parts the two; otherwise a comma needs a space behind it, as "60,17"
// is half a point.
const pointed = /^(-?\d{1,3}\.\d+)\s*[,;\s]\s*(-?\d{1,3}\.\d+)$/
const spaced = /^(-?\d{1,3}(?:[.,]\d+)?)(?:\s*;\s*|,?\s+)(-?\d{1,3}(?:[.,]\d+)?)$/

/** "60.1699, 24.9384" or "60,1699 24,9384": latitude and longitude (WGS 84); undefined for what is no point. */
export function readPoint(text: string): Point | undefined {
  const found = pointed.exec(text.trim()) ?? spaced.exec(text.trim())
  if (!found) return undefined
  const [latitude = NaN, longitude = NaN] = found.slice(1).map((degrees) => Number(degrees.replace(',', '.')))
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : undefined
}

/** Whether a point lies in the city's box, as the server asks of every point. */
export function inCity({ latitude, longitude }: Point): boolean {
  const { south, west, north, east } = city().extent
  return south <= latitude && latitude <= north && west <= longitude && longitude <= east
}

/** A point as a field holds it, to its last digit. */
export const writePoint = ({ latitude, longitude }: Point): string => `${String(latitude)}, ${String(longitude)}`

/** A point that was pointed at: a metre or so is enough, and more would only pretend. */
export const pointText = ({ latitude, longitude }: Point) =>
  writePoint({ latitude: Number(latitude.toFixed(5)), longitude: Number(longitude.toFixed(5)) })
