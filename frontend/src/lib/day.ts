import { city } from './city'

// Moments are RFC 3339 text with an offset, days are "2026-03-01"; people write both by the city's clock. This is the one
// place that reads them; format.ts says them.

let made: { zone: string; clock: Intl.DateTimeFormat } | undefined

function clock(): Intl.DateTimeFormat {
  const zone = city().time_zone
  if (made?.zone !== zone) {
    const digits = { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const
    made = { zone, clock: new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', ...digits }) }
  }
  return made.clock
}

/** A moment as the city's clocks show it, in the form of <input type="datetime-local">: "2026-05-02T00:00". */
export const toLocal = (moment: string | Date): string => clock().format(new Date(moment)).replace(' ', 'T')

/**
 * The moment at which the city's clocks show a local time; undefined if it is no time. An hour that summer time skips
 * becomes the one after, an hour that is there twice its first.
 */
export function fromLocal(local: string): string | undefined {
  const asUtc = Date.parse(`${local}:00Z`)
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(local) || Number.isNaN(asUtc)) return undefined
  // What the city's clocks are ahead of UTC by, a day earlier and a day later: it changes at most once between.
  const ahead = [-1, 1].map((days) => {
    const near = asUtc + days * day
    return Date.parse(`${toLocal(new Date(near))}:00Z`) - near
  })
  const [first, last] = [new Date(asUtc - Math.max(...ahead)), new Date(asUtc - Math.min(...ahead))]
  return (toLocal(first) === local ? first : last).toISOString()
}

const day = 86_400_000

/** The city's day of a moment: "2026-03-01". */
export const dayOf = (moment: string | Date): string => toLocal(moment).slice(0, 10)

/** The day some days after a moment's, by the city's calendar. */
export const dayAfter = (moment: string | Date, days: number): string =>
  new Date(Date.parse(dayOf(moment)) + days * day).toISOString().slice(0, 10)

/** Which day of the week the city's day of a moment is: 0 is Sunday. */
export const weekdayOf = (moment: string | Date): number => new Date(dayOf(moment)).getUTCDay()

/** The first moment of a day in the city. */
export const startOfDay = (day: string): string => fromLocal(`${day}T00:00`) ?? ''

/** The last minute of a day in the city. */
export const endOfDay = (day: string): string => fromLocal(`${day}T23:59`) ?? ''

/** Whole days that have passed since a moment. */
export const daysSince = (from: string, now: Date): number =>
  Math.max(0, Math.floor((now.getTime() - Date.parse(from)) / day))

/** Days until a moment, the one that has begun included; negative when it has passed. */
export function daysUntil(until: string, now: Date): number {
  const left = Date.parse(until) - now.getTime()
  return left < 0 ? -1 : Math.floor(left / day)
}
