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

export type ProposalOrder = Schemas['ProposalOrder'] | 'newest'

/** The order that an address asks for, or the one that stands if it asks for none. */
export function orderOf(params: URLSearchParams, otherwise: ProposalOrder): ProposalOrder {
  const order = params.get('order')
  return order === 'day' || order === 'discussed' || order === 'newest' ? order : otherwise
}

/** Public proposals; without another order the newest first, or the best where words are searched. */
export const proposalsQuery = (round: string, filter: Filter, order: ProposalOrder) =>
  infiniteQueryOptions({
    queryKey: keys.proposals(round, { ...filter, order }),
    queryFn: ({ pageParam }) =>
      ask(
        office.GET('/api/v1/rounds/{round}/proposals', {
          params: {
            path: { round },
            query: {
              ...filter,
              ...(order === 'newest' ? { before: pageParam } : { order, offset: pageParam }),
              limit: 30,
            },
          },
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

/** A part of a proposal, and its language where that is another than the page's. */
export interface Part {
  value: string
  lang?: Lang
}

export type Words = Partial<Record<'title' | 'what' | 'why' | 'place', Part>>

/**
 * What a proposal says to who reads this language: as the ballot has it, else as the city translated it, else as it was
 * written, each part for itself.
 */
export function wordsOf(
  { text, swedish, english, listing }: Pick<Proposal, 'text' | 'swedish' | 'english' | 'listing'>,
  lang: Lang,
): Words {
  const translated = text.language === lang ? undefined : { fi: undefined, sv: swedish, en: english }[lang]
  const part = (listed?: Partial<Record<Lang, string>>, inLang?: string, written?: string): Part | undefined => {
    const own = listed?.[lang]?.trim() ? listed[lang] : inLang?.trim() ? inLang : undefined
    if (own) return { value: own }
    if (!written?.trim()) return undefined
    return text.language && text.language !== lang ? { value: written, lang: text.language } : { value: written }
  }
  return {
    title: part(listing?.title, translated?.title, text.title),
    // A project that was made without a description has its title once more in that place.
    what: listing && !listing.description ? undefined : part(listing?.description, translated?.what, text.what),
    why: part(undefined, translated?.why, text.why),
    place: part(listing?.place, translated?.place, text.place),
  }
}
