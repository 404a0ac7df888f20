import { queryOptions } from '@tanstack/react-query'
import { keys } from './keys'
import { ask, office, type Schemas } from '@/lib/api'

export type Results = Schemas['Results']
export type AreaResult = Schemas['AreaResult']
export type ProjectResult = Schemas['ProjectResult']
export type Explanation = Schemas['Explanation']
export type Reason = Schemas['Reason']

/** The outcome; refused as results_hidden before it is published, but to officials. */
export const resultsQuery = (round: string) =>
  queryOptions({
    queryKey: keys.results(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/results', { params: { path: { round } } })),
  })

/** Why each project of an area is funded or not, and what another rule would have made of the same ballots. */
export const explanationQuery = (round: string, area: string) =>
  queryOptions({
    queryKey: keys.results(round, area),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/results/{area}', { params: { path: { round, area } } })),
    staleTime: Infinity,
  })

/** The ballot with its pictures and proposals, by number. */
export const onBallotQuery = (round: string) =>
  queryOptions({
    queryKey: keys.ballot(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/projects', { params: { path: { round } } })),
    staleTime: 300_000,
    select: (projects) => new Map(projects.map((project) => [project.number, project])),
  })
