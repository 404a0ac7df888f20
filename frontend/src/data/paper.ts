import { queryOptions } from '@tanstack/react-query'
import { ask, office, type Schemas } from '@/lib/api'
import { keys } from './keys'

export type Batch = Schemas['PaperBatch']
export type Report = Schemas['KeyingReport']

export const batchesQuery = (round: string) =>
  queryOptions({
    queryKey: keys.round(round, 'batches'),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/batches', { params: { path: { round } } })),
    staleTime: 0,
  })

/** A batch's name as it is kept: capitals and digits alone. */
export const batchName = (typed: string) => {
  const name = typed.trim().toUpperCase()
  return /^[A-Z0-9]{1,12}$/.test(name) ? name : undefined
}

/** Sheets that were declared and are in no counted batch yet. */
export const uncountedYet = (batches: Batch[]) =>
  batches.filter(({ state }) => state === 'open').reduce((sum, { declared }) => sum + declared, 0)
