import { QueryClient } from '@tanstack/react-query'
import { Problem } from './problem'

/**
 * Whether to ask again: only what passes by itself, twice; and many times where the server says when, as in a crowd that
 * one waits out.
 */
export const asksAgain = (failures: number, cause: unknown): boolean =>
  cause instanceof Problem && cause.passing && failures < (cause.retryAfter === undefined ? 2 : 8)

/**
 * In how many milliseconds: when the server wants it and up to half as long again, or else after one second, two, four. Chance spreads
 * those who were refused at the same moment.
 */
export function pause(failures: number, cause: unknown, chance = Math.random()): number {
  const seconds = (cause instanceof Problem ? cause.retryAfter : undefined) ?? 2 ** failures
  return Math.min(seconds, 60) * 1000 * (1 + chance / 2)
}

/** The cache of answers. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 20_000, retry: asksAgain, retryDelay: (failures, cause) => pause(failures, cause) },
  },
})
