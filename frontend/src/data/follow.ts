import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { keys } from './keys'
import type { Round } from './round'

type Timed = Pick<Round, 'times' | 'now'>

/** Milliseconds until a second after the first of the rounds' times that is to come, by the server's clock; false if none is. */
export function untilNext(rounds: Timed[], asked: number): number | false {
  const waits = rounds
    .flatMap(({ times, now }) =>
      Object.values(times)
        .flatMap((phase) => Object.values(phase))
        .map((time) => Date.parse(time) - Date.parse(now)),
    )
    .filter((wait) => wait > 0)
  // At most as long as browsers' timers count.
  return waits.length > 0 && Math.min(Math.max(Math.min(...waits) + asked - Date.now(), 0) + 1000, 2 ** 31 - 1)
}

/**
 * A page that stays open follows the rounds through their phases by the server's clock: it asks for them anew when the
 * next hour has struck. Apart from round.ts, as the first page shows what it can without it.
 */
export function useFollow(rounds: Timed[], key: readonly unknown[]): void {
  const cache = useQueryClient()
  const wait = untilNext(rounds, cache.getQueryState(key)?.dataUpdatedAt ?? Date.now())
  const now = rounds.map((round) => round.now).join()
  const slot = JSON.stringify(key)
  useEffect(() => {
    if (wait === false) return undefined
    const timer = setTimeout(() => {
      void cache.invalidateQueries({ queryKey: key, exact: true })
    }, wait)
    return () => {
      clearTimeout(timer)
    }
    // The wait shrinks at every look, and begins anew with another answer.
  }, [now, slot])
}

/** The same for one round. */
export const useFollowRound = (round: Timed & Pick<Round, 'id'>): void => {
  useFollow([round], keys.round(round.id))
}
