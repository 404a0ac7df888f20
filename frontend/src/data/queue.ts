import { infiniteQueryOptions } from '@tanstack/react-query'
import { keys } from './keys'
import { ask, office, type Schemas } from '@/lib/api'
import { publicStates, type ProposalState } from './proposal'

export const estimations = ['waiting', 'unpublished', 'given'] as const satisfies readonly Schemas['Estimation'][]

/** What the queue shows; waiting stands for the states in which somebody must act. */
export interface QueueFilter {
  area?: string
  state?: ProposalState
  takenByMe: boolean
  /** Nobody's. */
  free: boolean
  /** The deadline of a question has passed. */
  late: boolean
  words?: string
  division?: string
  /** How far the division has come. */
  estimation?: Schemas['Estimation']
}

export function queueFilterOf(params: URLSearchParams): QueueFilter {
  return {
    area: params.get('area') ?? undefined,
    state: publicStates.find((state) => state === params.get('state')),
    takenByMe: params.get('mine') === 'yes',
    free: params.get('free') === 'yes',
    late: params.get('late') === 'yes',
    division: params.get('division') ?? undefined,
    estimation: estimations.find((one) => one === params.get('estimation')),
    words: params.get('q')?.trim().slice(0, 200) || undefined,
  }
}

export const queueQuery = (
  round: string,
  { area, state, takenByMe, free, late, words, division, estimation }: QueueFilter,
) =>
  infiniteQueryOptions({
    queryKey: keys.queue(round, area, state, takenByMe, free, late, words, division, estimation),
    queryFn: ({ pageParam }) =>
      ask(
        office.GET('/api/v1/rounds/{round}/queue', {
          params: {
            path: { round },
            query: {
              area,
              state,
              taken_by_me: takenByMe || undefined,
              free: free || undefined,
              late: late || undefined,
              q: words,
              division,
              estimation,
              offset: pageParam,
            },
          },
        }),
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.next,
  })

/** The states in which a proposal waits for somebody to decide. */
export const isUndecided = (state: ProposalState) =>
  ['submitted', 'in_evaluation', 'needs_information', 'appealed'].includes(state)

/** The row that a key leads to from another one (-1: none), or undefined if it is no key of the list. */
export function neighbour(key: string, at: number, rows: number): number | undefined {
  switch (key) {
    case 'j':
    case 'ArrowDown':
      return Math.min(at + 1, rows - 1)
    case 'k':
    case 'ArrowUp':
      return Math.max(at - 1, 0)
    case 'Home':
      return 0
    case 'End':
      return rows - 1
  }
  return undefined
}
