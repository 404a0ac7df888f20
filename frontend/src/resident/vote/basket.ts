import { useCallback, useMemo, useSyncExternalStore } from 'react'
import type { Form, Manifest, ManifestPaper } from '@/receipt/crypto/manifest'
import type { Vote } from '@/receipt/crypto/ballot'
import { most } from './points/limit'
import { isObject, keyOf, onChange, read, remove, write } from '@/receipt/store'

/** What a voter has chosen so far. It lives in this browser, needs no sign-in, and says nothing about the person. */
export type Basket = Record<string, Entry>

/** One paper of the basket. */
export interface Entry {
  area?: string
  /** Project numbers by area, so that a look at another area loses nothing; of a ranking the best first. */
  picks: Record<string, number[]>
  /** On a paper of points what each pick is given, by its number. */
  points?: Record<string, number>
  /** The voter wants to cast the paper without picks, in her area. */
  blank?: boolean
  /** The voter does not want to use this paper now. */
  skipped?: boolean
}

const empty: Entry = { picks: {} }
const none: number[] = []

export const entryOf = (basket: Basket, paper: string): Entry => basket[paper] ?? empty

/** The area that the voter is in: the chosen one, or the only one that the paper has. */
export function areaOf(paper: Pick<ManifestPaper, 'areas'>, { area }: Entry): string | undefined {
  if (area !== undefined && paper.areas.includes(area)) return area
  return paper.areas.length === 1 ? paper.areas[0] : undefined
}

/** The picks in that area. */
export function picksOf(paper: Pick<ManifestPaper, 'areas'>, entry: Entry): number[] {
  const area = areaOf(paper, entry)
  return area ? (entry.picks[area] ?? none) : none
}

/** The entry with a project added, or taken out if it was in. */
export function toggle(paper: Pick<ManifestPaper, 'areas'>, entry: Entry, number: number): Entry {
  const area = areaOf(paper, entry)
  if (!area) return entry
  const before = picksOf(paper, entry)
  const after = before.includes(number) ? before.filter((pick) => pick !== number) : [...before, number]
  return withPicks(entry, area, after)
}

/** The entry with other picks in an area: neither blank nor skipped any more. */
function withPicks({ picks, points }: Entry, area: string, after: number[]): Entry {
  return { area, picks: { ...picks, [area]: after }, ...(points && { points }) }
}

/** What a project is given on a paper of points. */
export const pointsOf = ({ points }: Entry, number: number): number => points?.[number] ?? 0

/** The entry with so many points for a project. */
export function give(paper: Pick<ManifestPaper, 'areas'>, entry: Entry, number: number, given: number): Entry {
  const area = areaOf(paper, entry)
  if (!area) return entry
  const others = picksOf(paper, entry).filter((pick) => pick !== number)
  const points = Object.fromEntries(Object.entries(entry.points ?? {}).filter(([pick]) => Number(pick) !== number))
  return given === 0
    ? withPicks({ ...entry, points }, area, others)
    : withPicks(
        { ...entry, points: { ...points, [number]: given } },
        area,
        picksOf(paper, entry).includes(number) ? picksOf(paper, entry) : [...others, number],
      )
}

/** The entry with a pick moved to a place of its ranking, from 0. */
export function place(paper: Pick<ManifestPaper, 'areas'>, entry: Entry, number: number, to: number): Entry {
  const area = areaOf(paper, entry)
  if (!area) return entry
  const others = picksOf(paper, entry).filter((pick) => pick !== number)
  return withPicks(entry, area, others.toSpliced(to, 0, number))
}

/** The entry as it is when one comes to vote for a project: in its area, with it picked where there is room. */
export function withProject(manifest: Manifest, paper: ManifestPaper, entry: Entry, number: number): Entry {
  const project = manifest.projects.find((one) => one.number === number)
  if (!project) return entry
  const there = withPicks(entry, project.area, entry.picks[project.area] ?? none)
  const picks = picksOf(paper, there)
  if (picks.includes(number)) return there
  if (paper.form.kind === 'points') {
    const left = (paper.form.points ?? 0) - picks.reduce((sum, pick) => sum + pointsOf(entry, pick), 0)
    return most(paper.form, picks.length, left, 0).points > 0 ? give(paper, there, number, 1) : there
  }
  const spent = manifest.projects
    .filter((one) => one.area === project.area && picks.includes(one.number))
    .reduce((sum, { cost }) => sum + cost, 0)
  const pot = manifest.areas.find(({ id }) => id === project.area)?.pot ?? 0
  return obstacle(paper.form, picks.length, spent, pot, project.cost) ? there : toggle(paper, there, number)
}

function isBasket(value: unknown): value is Basket {
  return (
    isObject(value) &&
    Object.values(value).every(
      (entry) =>
        isObject(entry) &&
        isObject(entry.picks) &&
        Object.values(entry.picks).every(
          (picks) => Array.isArray(picks) && picks.every((pick) => Number.isInteger(pick)),
        ) &&
        (entry.points === undefined ||
          (isObject(entry.points) && Object.values(entry.points).every((given) => Number.isInteger(given)))),
    )
  )
}

const basketKey = (round: string) => keyOf(round, 'basket')

export const readBasket = (round: string): Basket => read(basketKey(round), isBasket) ?? {}

/** Takes one paper's choices out of the basket, once its ballot is in the box. */
export function clearEntry(round: string, paper: string): void {
  const rest = Object.entries(readBasket(round)).filter(([id]) => id !== paper)
  if (rest.length === 0) remove(basketKey(round))
  else write(basketKey(round), Object.fromEntries(rest))
}

/** Something is chosen that can still be cast: what is cast is taken out (clearEntry). */
export const isChosen = (basket: Basket): boolean =>
  Object.values(basket).some(
    ({ picks, blank, skipped }) => !skipped && (blank === true || Object.values(picks).some((one) => one.length > 0)),
  )

/** Takes all choices of a round out of this browser. */
export const forgetBasket = (round: string): void => {
  fallback.delete(round)
  remove(basketKey(round))
}

// Kept for browsers that refuse storage: the basket then lasts as long as the page.
const fallback = new Map<string, Basket>()

/** The basket of a round, the same in every tab, and how to change one of its papers. */
export function useBasket(round: string): {
  basket: Basket
  change: (paper: string, change: (entry: Entry) => Entry) => void
} {
  const text = useSyncExternalStore(onChange, () => JSON.stringify(fallback.get(round) ?? readBasket(round)))
  const basket = useMemo(() => JSON.parse(text) as Basket, [text])
  const change = useCallback(
    (paper: string, change: (entry: Entry) => Entry) => {
      const before = fallback.get(round) ?? readBasket(round)
      const after = { ...before, [paper]: change(entryOf(before, paper)) }
      if (!write(basketKey(round), after)) {
        fallback.set(round, after)
        window.dispatchEvent(new Event('storage'))
      }
    },
    [round],
  )
  return { basket, change }
}

/** Why a project cannot be added. */
export type Obstacle = 'full' | 'over_pot'

/** What stands against adding a project of this cost to picks that cost `spent` together. */
export function obstacle(form: Form, picked: number, spent: number, pot: number, cost: number): Obstacle | undefined {
  if (picked >= form.max) return 'full'
  if (form.kind === 'knapsack' && spent + cost > pot) return 'over_pot'
  return undefined
}

/** How far a paper is filled in. Ready ones can be cast; a skipped one is left unused. */
export type State =
  'untouched' | 'under_min' | 'over_max' | 'over_pot' | 'over_points' | 'under_points' | 'skipped' | 'ready'

export function stateOf(manifest: Manifest, paper: ManifestPaper, entry: Entry): State {
  if (entry.skipped) return 'skipped'
  const area = manifest.areas.find(({ id }) => id === areaOf(paper, entry))
  if (!area) return 'untouched'
  const picks = picksOf(paper, entry)
  const costs = new Map(
    manifest.projects.filter((project) => project.area === area.id).map(({ number, cost }) => [number, cost]),
  )
  const known = picks.filter((pick) => costs.has(pick))
  const { form } = paper
  if (known.length === 0 && entry.blank && (form.blank || (form.min === 0 && !form.points_all))) return 'ready'
  if (known.length < Math.max(form.min, 1)) return 'under_min'
  if (known.length > form.max) return 'over_max'
  if (form.kind === 'knapsack' && known.reduce((sum, pick) => sum + (costs.get(pick) ?? 0), 0) > area.pot)
    return 'over_pot'
  if (form.kind === 'points') return pointsState(form, entry, known)
  return 'ready'
}

function pointsState(form: Form, entry: Entry, known: number[]): State {
  const { points = 0, points_each: each = points, points_all: all = false } = form
  const given = known.map((pick) => pointsOf(entry, pick))
  const sum = given.reduce((sum, points) => sum + points, 0)
  if (sum > points || given.some((one) => one < 1 || one > each)) return 'over_points'
  return all && sum < points ? 'under_points' : 'ready'
}

/** A paper filled in and ready to be cast. */
export interface Filled extends Vote {
  paper: ManifestPaper
  area: string
}

/** The papers of the basket that can be cast, in the manifest's order. */
export function filled(manifest: Manifest, basket: Basket): Filled[] {
  return manifest.papers.flatMap((paper) => {
    const entry = entryOf(basket, paper.id)
    const area = areaOf(paper, entry)
    if (!area || stateOf(manifest, paper, entry) !== 'ready') return []
    const known = new Set(manifest.projects.filter((project) => project.area === area).map(({ number }) => number))
    const picks = picksOf(paper, entry).filter((pick) => known.has(pick))
    const sorted = picks.toSorted((a, b) => a - b)
    const { kind } = paper.form
    if (kind === 'ranking') return [{ paper, area, kind, choices: picks }]
    if (kind === 'points')
      return [{ paper, area, kind, choices: sorted, points: sorted.map((pick) => pointsOf(entry, pick)) }]
    return [{ paper, area, choices: sorted }]
  })
}
