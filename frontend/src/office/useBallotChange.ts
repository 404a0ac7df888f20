import { useMutation, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { ballotQuery } from '@/data/office'
import type { Round } from '@/data/round'
import { announce } from '@/lib/announce'
import { Problem } from '@/lib/problem'

/** The phases in which what will be voted on can be changed. */
export const editable: Round['phase'][] = ['draft', 'proposing', 'vetting']

/** Runs a change of the ballot and shows its new state everywhere. */
export function useBallotChange<Input>(
  round: string,
  change: (input: Input) => Promise<unknown>,
  done: string,
  onChanged?: () => void,
) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () => {
      onChanged?.()
      void cache.invalidateQueries({ queryKey: keys.round(round) })
      void cache.invalidateQueries({ queryKey: keys.proposals(round) })
      announce(done)
    },
    onError: async (cause) => {
      if (cause instanceof Problem && cause.outdated)
        await cache.invalidateQueries({ queryKey: ballotQuery(round).queryKey })
    },
  })
}
