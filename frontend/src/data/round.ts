import { queryOptions, useQuery } from '@tanstack/react-query'
import { keys } from './keys'
import { useParams } from '@/lib/router'
import { ask, office, type Schemas } from '@/lib/api'

export type Round = Schemas['Round']
export type Area = Schemas['Area']

export const roundsQuery = queryOptions({
  queryKey: keys.rounds,
  queryFn: () => ask(office.GET('/api/v1/rounds')),
})

export const roundQuery = (round: string) =>
  queryOptions({
    queryKey: keys.round(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}', { params: { path: { round } } })),
  })

/** The numbers of the vote, from its opening on. */
export const numbersQuery = (round: string) =>
  queryOptions({
    queryKey: keys.numbers(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/numbers', { params: { path: { round } } })),
  })

/** The round that the address names. */
export function useRound() {
  const { round = '' } = useParams()
  return useQuery(roundQuery(round))
}

/** What a resident can do in a round now. */
export type Act = 'propose' | 'browse' | 'vote' | 'results'

/** Where a round stands for a resident. */
export interface Stage {
  /** Words for it, as a key under stage in round.*.json. */
  key:
    | 'draft'
    | 'proposing_soon'
    | 'proposing'
    | 'vetting'
    | 'voting_soon'
    | 'voting'
    | 'counting'
    | 'results'
    | 'archived'
  /** The time its words name, if any: when it ends, or when the next thing begins. */
  time?: string
  acts: Act[]
}

/** Tells it from the phase, and from the database's clock where a phase has opening and closing times. */
export function stageOf({ phase, times, now }: Pick<Round, 'phase' | 'times' | 'now'>): Stage {
  const at = Date.parse(now)
  switch (phase) {
    case 'draft':
      return { key: 'draft', time: times.proposing.opens, acts: [] }
    case 'proposing':
      if (at < Date.parse(times.proposing.opens))
        return { key: 'proposing_soon', time: times.proposing.opens, acts: ['browse'] }
      if (at < Date.parse(times.proposing.closes))
        return { key: 'proposing', time: times.proposing.closes, acts: ['propose', 'browse'] }
      return { key: 'vetting', time: times.voting.opens, acts: ['browse'] }
    case 'vetting':
      return { key: 'vetting', time: times.voting.opens, acts: ['browse'] }
    case 'frozen':
      return { key: 'voting_soon', time: times.voting.opens, acts: ['browse'] }
    case 'voting':
      if (at < Date.parse(times.voting.opens)) return { key: 'voting_soon', time: times.voting.opens, acts: ['browse'] }
      if (at < Date.parse(times.voting.closes))
        return { key: 'voting', time: times.voting.closes, acts: ['vote', 'browse'] }
      return { key: 'counting', acts: ['browse'] }
    case 'closed':
    case 'counted':
    case 'confirmed': // published by a step of its own
      return { key: 'counting', acts: ['browse'] }
    case 'delivering':
      return { key: 'results', acts: ['results', 'browse'] }
    case 'archived':
      return { key: 'archived', acts: ['results', 'browse'] }
  }
}

/** What is voted on, and how, stands in a manifest that everybody can read. */
export const isFrozen = ({ phase }: Pick<Round, 'phase'>): boolean => !['draft', 'proposing', 'vetting'].includes(phase)

/** Ballots are, or were, cast in the round. */
export const hasBox = ({ phase }: Pick<Round, 'phase'>): boolean =>
  !['draft', 'proposing', 'vetting', 'frozen'].includes(phase)

/** Nobody votes any more. */
export const isVoteOver = ({ phase }: Pick<Round, 'phase'>): boolean =>
  !['draft', 'proposing', 'vetting', 'frozen', 'voting'].includes(phase)

/** Euro cents in all pots. */
export const money = (round: Round) => round.settings.areas.reduce((sum, { pot }) => sum + pot, 0)

const urgency: Stage['key'][] = [
  'voting',
  'proposing',
  'voting_soon',
  'results',
  'counting',
  'vetting',
  'proposing_soon',
  'archived',
  'draft',
]

/** Which round each act of the site leads into; absent where there is none. */
export interface Ways {
  propose?: Round
  vote?: Round
  browse?: Round
  results?: Round
}

/**
 * Leads to the round one is in, where it has the act, or else to the most urgent one that has. What opens soon has a way, too.
 * A rehearsal is only led into from its own pages.
 */
export function waysOf(rounds: Round[], here?: string): Ways {
  const sorted = byUrgency(rounds.filter(({ id, rehearsal }) => !rehearsal || id === here))
  const ordered = [...sorted.filter(({ id }) => id === here), ...sorted]
  const at = (key: Stage['key']) => ordered.find((round) => stageOf(round).key === key)
  const having = (act: Act) => ordered.find((round) => stageOf(round).acts.includes(act))
  return {
    propose: at('proposing') ?? at('proposing_soon'),
    vote: at('voting') ?? at('voting_soon'),
    browse: having('browse'),
    results: having('results'),
  }
}

/** Rounds with those first in which one can do something now; rehearsals last. The server's order (newest first) stays otherwise. */
export function byUrgency(rounds: Round[]): Round[] {
  const rank = (round: Round) => (round.rehearsal ? urgency.length : 0) + urgency.indexOf(stageOf(round).key)
  return rounds
    .map((round) => ({ round, rank: rank(round) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ round }) => round)
}
