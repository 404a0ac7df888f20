const key = (slot: string) => `osbu.form.${slot}`

/** JSON has no NaN, which stands for an amount that cannot be read. */
const unreadable = '\u0000NaN'

/** Keeps what is being written in this tab; undefined forgets it. */
export function keep(slot: string, value: unknown): void {
  try {
    if (value === undefined) sessionStorage.removeItem(key(slot))
    else
      sessionStorage.setItem(
        key(slot),
        JSON.stringify(value, (_, part: unknown) => (Number.isNaN(part) ? unreadable : part)),
      )
  } catch {
    // Full or blocked storage: the page itself still holds it.
  }
}

/** What was kept, if it is of the shape of what the form would begin with. */
export function kept<T>(slot: string, like: T): T | undefined {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(key(slot)) ?? 'null', (_, part: unknown) =>
      part === unreadable ? NaN : part,
    )
    return isLike(found, like) ? (found as T) : undefined
  } catch {
    return undefined
  }
}

/** Forgets all that was being written: the next person at this machine is somebody else. */
export function forgetKept(): void {
  try {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(key(''))) sessionStorage.removeItem(name)
  } catch {
    // Nothing was kept.
  }
}

/** Whether a value has all parts that another one has, of the same types: an older form may have had others. */
function isLike(found: unknown, like: unknown): boolean {
  if (found === null || like === null || typeof like !== 'object') return typeof found === typeof like && found !== null
  if (typeof found !== 'object' || Array.isArray(found) !== Array.isArray(like)) return false
  if (Array.isArray(like)) return true
  const parts = found as Record<string, unknown>
  return Object.entries(like).every(([name, part]) => part === undefined || isLike(parts[name], part))
}
