/** Three of a list, the next three on the next day, so that each comes in turn. */
export function ofTheDay<T>(all: T[], now: number): T[] {
  const day = Math.floor(now / 86_400_000)
  const begin = (day * 3) % Math.max(1, all.length)
  return [...all.slice(begin), ...all.slice(0, begin)].slice(0, 3)
}
