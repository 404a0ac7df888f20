import { queryOptions } from '@tanstack/react-query'
import { keys } from './keys'
import { ask, office } from '@/lib/api'

/** What lies under the points of a map: the city's tiles, if it has any. */
export const mapQuery = queryOptions({
  queryKey: keys.map,
  queryFn: () => ask(office.GET('/api/v1/map')),
  staleTime: Infinity,
})
