// What this browser keeps of a vote. Nothing of it names a person, and none of it is sent anywhere except as cast.ts says.

/** Keys under which a round's things lie: osbu.vote.<round>.<what>. */
export const keyOf = (round: string, what: string): string => `osbu.vote.${round}.${what}`

/** What is kept under a key, if it can be read and looks right. */
export function read<T>(key: string, is: (value: unknown) => value is T): T | undefined {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? 'null')
    return is(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Keeps a value and says whether it is kept: storage may be blocked or full. */
export function write(key: string, value: unknown): boolean {
  const text = JSON.stringify(value)
  try {
    if (localStorage.getItem(key) === text) return true
    localStorage.setItem(key, text)
    if (localStorage.getItem(key) !== text) return false
  } catch {
    return false
  }
  tell()
  return true
}

export function remove(key: string): void {
  try {
    localStorage.removeItem(key)
  } catch {
    return
  }
  tell()
}

/** Keys that begin so, in order. */
export function keys(prefix: string): string[] {
  try {
    return Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index) ?? '')
      .filter((key) => key.startsWith(prefix))
      .sort()
  } catch {
    return []
  }
}

const listeners = new Set<() => void>()
const tell = () => {
  for (const listener of listeners) listener()
}

/** Calls back after every change, also one made in another tab; returns how to stop. */
export function onChange(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}

/** An object, for guards. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
