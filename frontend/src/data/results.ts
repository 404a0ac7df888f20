import { queryOptions } from '@tanstack/react-query'
import { keys } from './keys'
import { ask, office, type Schemas } from '@/lib/api'

export type Results = Schemas['Results']

/** The outcome; refused as results_hidden before it is published, but to officials. */
export const resultsQuery = (round: string) =>
  queryOptions({
    queryKey: keys.results(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/results', { params: { path: { round } } })),
  })
