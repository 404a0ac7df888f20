import { queryOptions } from '@tanstack/react-query'
import { keys } from './keys'
import { ask, office, type Schemas } from '@/lib/api'

export type Helper = Schemas['Helper']

/** Who helps residents in person. */
export const helpersQuery = queryOptions({
  queryKey: keys.helpers,
  queryFn: () => ask(office.GET('/api/v1/helpers')),
  staleTime: Infinity,
})
