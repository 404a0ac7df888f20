import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { keys } from './keys'
import { ask, office, type Schemas } from '@/lib/api'
import type { Lang } from '@/lib/lang'
import { publicStates, type Proposal, type ProposalState } from './proposal'
import { isFrozen, type Round } from './round'

export const estimations = ['waiting', 'unpublished', 'given'] as const satisfies readonly Schemas['Estimation'][]

/** What the queue can be sorted by, in the order of its columns. */
export const sorts = [
  'number',
  'title',
  'area',
  'theme',
  'state',
  'age',
  'deadline',
  'handler',
  'estimate',
  'checks',
] as const satisfies readonly Schemas['QueueSort'][]
export type Sort = (typeof sorts)[number]

/** What the queue shows; waiting stands for the states in which somebody must act. */
export interface QueueFilter {
  area?: string
  /** Also outside my districts or divisions. */
  everywhere: boolean
  /** 'any': in whatever state. */
  state?: ProposalState | 'any'
  theme?: string
  takenByMe: boolean
  /** This colleague's, by her account. */
  takenBy?: number
  /** Submitted at least so many days ago. */
  older?: number
  /** Nobody's. */
  free: boolean
  /** The deadline of a question has passed. */
  late: boolean
  /** Whether the author has answered a question, or was asked none. */
  answered?: 'yes' | 'no'
  /** In one of the city's languages alone. */
  untranslated: boolean
  words?: string
  division?: string
  /** How far the division has come. */
  estimation?: Schemas['Estimation']
  sort: Sort
  descending: boolean
}

const states = [...publicStates, 'any' as const]

export function queueFilterOf(params: URLSearchParams): QueueFilter {
  return {
    area: params.get('area') ?? undefined,
    everywhere: params.get('everywhere') === 'yes',
    state: states.find((state) => state === params.get('state')),
    theme: params.get('theme') ?? undefined,
    takenByMe: params.get('mine') === 'yes',
    takenBy: Number(/^[1-9]\d{0,14}$/.exec(params.get('handler') ?? '')?.[0]) || undefined,
    older: Number(/^[1-9]\d{0,2}$/.exec(params.get('older') ?? '')?.[0]) || undefined,
    free: params.get('free') === 'yes',
    late: params.get('late') === 'yes',
    answered: (['yes', 'no'] as const).find((one) => one === params.get('answered')),
    untranslated: params.get('untranslated') === 'yes',
    division: params.get('division') ?? undefined,
    estimation: estimations.find((one) => one === params.get('estimation')),
    words: params.get('q')?.trim().slice(0, 200) || undefined,
    sort: sorts.find((sort) => sort === params.get('sort')) ?? 'age',
    descending: params.get('descending') === 'yes',
  }
}

/** The rows of a page, and of what is fetched when all that match are chosen. */
const pageSize = 100
const largePage = 500

/** The filter as the service wants it. */
function queryOf(filter: QueueFilter) {
  const { area, everywhere, state, theme, takenByMe, takenBy, older, free, late, answered, untranslated } = filter
  const { words, division, estimation, sort, descending } = filter
  return {
    area,
    everywhere: everywhere || undefined,
    state: state === 'any' ? undefined : state,
    any_state: state === 'any' || undefined,
    theme,
    taken_by_me: takenByMe || undefined,
    taken_by: takenBy,
    older,
    free: free || undefined,
    late: late || undefined,
    untranslated: untranslated || undefined,
    answered: answered && answered === 'yes',
    q: words,
    division,
    estimation,
    sort,
    descending: descending || undefined,
  }
}

const pageOf = (round: string, filter: QueueFilter, offset: number, limit: number) =>
  ask(
    office.GET('/api/v1/rounds/{round}/queue', {
      params: { path: { round }, query: { ...queryOf(filter), offset: offset || undefined, limit } },
    }),
  )

/** Where the list is to be had as a file, all of it. */
export function exportHref(round: string, filter: QueueFilter, format: 'xlsx' | 'csv', language: Lang): string {
  const query = new URLSearchParams({ format, language })
  for (const [key, value] of Object.entries(queryOf(filter))) if (value !== undefined) query.set(key, String(value))
  return `/api/v1/rounds/${round}/queue/export?${query.toString()}`
}

export const queueQuery = (round: string, filter: QueueFilter) =>
  infiniteQueryOptions({
    queryKey: keys.queue(round, filter),
    queryFn: ({ pageParam }) => pageOf(round, filter, pageParam, pageSize),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
  })

/** All proposals that match, however many there are. */
export async function allOf(round: string, filter: QueueFilter): Promise<Proposal[]> {
  const all: Proposal[] = []
  for (let next: number | undefined = 0; next !== undefined;) {
    const page: Schemas['ProposalPage'] = await pageOf(round, filter, next, largePage)
    all.push(...page.proposals)
    next = page.next
  }
  return all
}

/**
 * The cases that one goes through from the queue, as they were when the first was opened: one that is decided stays in
 * its place, so that the next one is the one that followed it.
 */
export const trailQuery = (round: string, filter: QueueFilter) =>
  queryOptions({
    queryKey: keys.trail(round, filter),
    queryFn: async () =>
      (await pageOf(round, filter, 0, largePage)).proposals.map(({ id, text }) => ({ id, title: text.title })),
    staleTime: Infinity,
  })

export const filtersQuery = (round: string) =>
  queryOptions({
    queryKey: keys.filters(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/queue/filters', { params: { path: { round } } })),
  })

/** At most so many proposals go into one decision of the service. */
export const mostAtOnce = 100

/** Decides the same on many, a hundred at a time; tells what became of each. */
export async function decideMany(
  round: string,
  { proposals, ...decision }: Schemas['BulkDecision'],
): Promise<Schemas['BulkOutcome'][]> {
  const outcomes: Schemas['BulkOutcome'][] = []
  for (let from = 0; from < proposals.length; from += mostAtOnce) {
    outcomes.push(
      ...(await ask(
        office.POST('/api/v1/rounds/{round}/queue/decisions', {
          params: { path: { round } },
          body: { ...decision, proposals: proposals.slice(from, from + mostAtOnce) },
        }),
      )),
    )
  }
  return outcomes
}

/** The states in which a proposal waits for somebody to decide. */
export const isUndecided = (state: ProposalState) =>
  ['submitted', 'in_evaluation', 'needs_information', 'appealed'].includes(state)

/** Whether an official may take it off the ballot. */
export const isRemovable = ({ state }: Proposal, round: Round) => state === 'on_ballot' && !isFrozen(round)

/** Whether the division's published estimate says that it can be done, and for how much. */
export const isEstimated = ({ estimate }: Proposal) =>
  estimate?.published === true &&
  estimate.cost !== undefined &&
  (estimate.feasibility === 'feasible' || estimate.feasibility === 'with_changes')

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
