const parts = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Helsinki',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
})

/** A moment as Helsinki's clocks show it, in the form of <input type="datetime-local">: "2026-05-02T00:00". */
export const toLocal = (moment: string | Date) => parts.format(new Date(moment)).replace(' ', 'T')

/**
 * The moment at which Helsinki's clocks show a local time; undefined if it is no time. An hour that summer time skips
 * becomes the one after, an hour that is there twice its first.
 */
export function fromLocal(local: string): string | undefined {
  const asUtc = Date.parse(`${local}:00Z`)
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(local) || Number.isNaN(asUtc)) return undefined
  for (const hours of [3, 2]) {
    const moment = new Date(asUtc - hours * 3_600_000)
    if (toLocal(moment) === local) return moment.toISOString()
  }
  return new Date(asUtc - 2 * 3_600_000).toISOString()
}
