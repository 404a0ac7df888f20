import { useMemo, useSyncExternalStore } from 'react'
import { keyOf, onChange, read, write } from '@/receipt/store'

// Proposals that somebody wants to find again: kept in this browser alone, and told to nobody.

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((one) => Number.isInteger(one))

const keyFor = (round: string) => keyOf(round, 'favourites')

export const favourites = (round: string): number[] => read(keyFor(round), isNumbers) ?? []

/** Makes a proposal a favourite, or takes it out if it was one. */
export function toggleFavourite(round: string, proposal: number): void {
  const before = favourites(round)
  write(keyFor(round), before.includes(proposal) ? before.filter((one) => one !== proposal) : [...before, proposal])
}

/** The round's favourites, by their proposals' numbers; the same in every tab. */
export function useFavourites(round: string): number[] {
  const text = useSyncExternalStore(onChange, () => JSON.stringify(favourites(round)))
  return useMemo(() => JSON.parse(text) as number[], [text])
}
