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
 * The moments at which the city's clocks show a local time: usually one; none for what is no time and for an hour that
 * summer time skips; two for an hour that is there twice, the earlier first.
 */
export function momentsOf(local: string): string[] {
  if (!isTime(local)) return []
  return [...new Set(around(local))].filter((moment) => toLocal(moment) === local)
}

/** The same, for who needs a moment: an hour that is skipped becomes the one after, one that is there twice its first. */
export function fromLocal(local: string): string | undefined {
  if (!isTime(local)) return undefined
  const [first, last] = around(local)
  return toLocal(first) === local ? first : last
}

const isTime = (local: string) =>
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(local) && new Date(`${local}:00Z`).toJSON()?.slice(0, 16) === local

/** What a local time is by what the city's clocks are ahead of UTC a day earlier and a day later: that changes at most once between. */
function around(local: string): [string, string] {
  const asUtc = Date.parse(`${local}:00Z`)
  const ahead = [-1, 1].map((days) => {
    const near = asUtc + days * day
    return Date.parse(`${toLocal(new Date(near))}:00Z`) - near
  })
  return [new Date(asUtc - Math.max(...ahead)).toISOString(), new Date(asUtc - Math.min(...ahead)).toISOString()]
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
