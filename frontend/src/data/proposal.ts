import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { keys } from './keys'
import { ask, office, type Schemas } from '@/lib/api'
import type { Lang } from '@/lib/lang'

export type Proposal = Schemas['Proposal']
export type ProposalState = Schemas['ProposalState']

/** The states that anyone may see, in the order of a proposal's life. */
export const publicStates = [
  'submitted',
  'in_evaluation',
  'needs_information',
  'accepted',
  'rejected',
  'appealed',
  'on_ballot',
  'selected',
  'not_selected',
  'merged',
  'split',
  'withdrawn',
] as const satisfies readonly ProposalState[]

export interface Filter {
  area?: string
  theme?: string
  state?: ProposalState
  q?: string
}

const isState = (text: string): text is ProposalState => publicStates.some((state) => state === text)

/** The filter that an address holds; what it cannot mean is left out. */
export function filterOf(params: URLSearchParams): Filter {
  const state = params.get('state') ?? ''
  return {
    area: params.get('area') ?? undefined,
    theme: params.get('theme') ?? undefined,
    state: isState(state) ? state : undefined,
    q: params.get('q')?.trim() ? (params.get('q') ?? undefined) : undefined,
  }
}

export const proposalsQuery = (round: string, filter: Filter) =>
  infiniteQueryOptions({
    queryKey: keys.proposals(round, filter),
    queryFn: ({ pageParam }) =>
      ask(
        office.GET('/api/v1/rounds/{round}/proposals', {
          params: { path: { round }, query: { ...filter, before: pageParam, limit: 30 } },
        }),
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.next,
  })

export const proposalQuery = (round: string, proposal: number) =>
  queryOptions({
    queryKey: keys.proposal(round, proposal),
    queryFn: () =>
      ask(office.GET('/api/v1/rounds/{round}/proposals/{proposal}', { params: { path: { round, proposal } } })),
  })

export const versionsQuery = (round: string, proposal: number) =>
  queryOptions({
    queryKey: keys.versions(round, proposal),
    queryFn: () =>
      ask(
        office.GET('/api/v1/rounds/{round}/proposals/{proposal}/versions', { params: { path: { round, proposal } } }),
      ),
  })

export const mineQuery = (round: string) =>
  queryOptions({
    queryKey: keys.mine(round),
    queryFn: () =>
      ask(
        office.GET('/api/v1/rounds/{round}/proposals', {
          params: { path: { round }, query: { mine: true, limit: 100 } },
        }),
      ),
  })

export const followedQuery = (round: string) =>
  queryOptions({
    queryKey: keys.followed(round),
    queryFn: () =>
      ask(
        office.GET('/api/v1/rounds/{round}/proposals', {
          params: { path: { round }, query: { followed: true, limit: 100 } },
        }),
      ),
  })

const colours: Partial<Record<ProposalState, 'info' | 'success' | 'alert' | 'error'>> = {
  needs_information: 'alert',
  appealed: 'alert',
  accepted: 'success',
  on_ballot: 'info',
  selected: 'success',
  rejected: 'error',
}

/** The colour that repeats what the state's word says. */
export const colourOf = (state: ProposalState) => colours[state]

/** The text in Swedish for who reads Swedish, where the city wrote it in both languages. */
export const wordsOf = ({ text, swedish }: Proposal, lang: Lang): Proposal['text'] =>
  swedish && lang === 'sv' ? { ...text, ...swedish, why: swedish.why, language: 'sv' } : text
