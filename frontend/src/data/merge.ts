import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { keys } from './keys'
import { announce } from '@/lib/announce'
import { ask, office, type Schemas } from '@/lib/api'

export type Merge = Schemas['Merge']
export type Ties = Schemas['Ties']
export type Tied = Schemas['TiedProposal']
export type NewProposal = Schemas['NewPart']

/** What joins a proposal to others. */
export const tiesQuery = (round: string, proposal: number) =>
  queryOptions({
    queryKey: keys.ties(round, proposal),
    queryFn: () =>
      ask(office.GET('/api/v1/rounds/{round}/proposals/{proposal}/ties', { params: { path: { round, proposal } } })),
  })

/** A step that may change several proposals: everything that shows any of them is fetched anew, then the words are read aloud. */
export function useStep<Value>(round: string, send: (value: Value) => Promise<unknown>, words: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: send,
    onSuccess: async () => {
      announce(words)
      await Promise.all(
        [keys.ties, keys.proposal, keys.proposals, keys.queue].map((key) =>
          cache.invalidateQueries({ queryKey: key(round) }),
        ),
      )
    },
  })
}
