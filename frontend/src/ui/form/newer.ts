import type { Moment } from '../read/MomentField'

type Part = unknown

const isGroup = (value: Part): value is Record<string, Part> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether two values have the same parts; one that is undefined may be left out. */
export const isSame = (a: Part, b: Part): boolean => {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, i) => isSame(one, b[i]))
  if (isGroup(a) && isGroup(b)) return namesOf(a, b).every((name) => isSame(a[name], b[name]))
  return Object.is(a, b)
}

/** A moment being written: what it says and which moment that is go together. */
export const isMoment = (value: Part): value is Moment => isGroup(value) && typeof value.local === 'string'

/** What is compared and merged part by part. */
const hasParts = (value: Part): value is Record<string, Part> => isGroup(value) && !isMoment(value)

const namesOf = (...groups: Record<string, Part>[]) => [...new Set(groups.flatMap((group) => Object.keys(group)))]

/** Lists can be told apart member by member only while they have as many. */
const areAlike = (lists: Part[]): lists is Part[][] =>
  lists.every((list) => Array.isArray(list) && list.length === (lists[0] as Part[]).length)

/** Theirs, with what I have changed of the base put over it. */
export function merged<T>(base: T, mine: T, theirs: T): T {
  const merge = (base: Part, mine: Part, theirs: Part): Part => {
    if (isSame(mine, base)) return theirs
    if (isSame(theirs, base)) return mine
    if (hasParts(base) && hasParts(mine) && hasParts(theirs)) {
      return Object.fromEntries(
        namesOf(theirs, mine).map((name) => [name, merge(base[name], mine[name], theirs[name])]),
      )
    }
    const lists = [base, mine, theirs]
    if (areAlike(lists)) return lists[1]?.map((one, i) => merge(lists[0]?.[i], one, lists[2]?.[i]))
    return mine
  }
  return merge(base, mine, theirs) as T
}

export interface Change {
  path: string
  mine: Part
  theirs: Part
}

/** What they have changed of the base, and what I have there, by the paths of the contract. */
export function changesOf(base: Part, mine: Part, theirs: Part, at = ''): Change[] {
  if (isSame(base, theirs)) return []
  if (hasParts(base) && hasParts(theirs)) {
    const own = hasParts(mine) ? mine : {}
    return namesOf(theirs, base).flatMap((name) =>
      changesOf(base[name], own[name], theirs[name], at ? `${at}.${name}` : name),
    )
  }
  const lists = [base, mine, theirs]
  if (areAlike(lists) && lists[0]?.some(isGroup)) {
    return lists[0].flatMap((one, i) => changesOf(one, lists[1]?.[i], lists[2]?.[i], `${at}[${String(i)}]`))
  }
  return [{ path: at, mine, theirs }]
}
