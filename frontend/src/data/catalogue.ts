import { queryOptions } from '@tanstack/react-query'
import { keys } from './keys'
import { ask, office, type Schemas } from '@/lib/api'

export type DataSet = Schemas['DataSet']
export type DataFile = Schemas['DataFile']

export const catalogueQuery = queryOptions({
  queryKey: keys.catalogue,
  queryFn: () => ask(office.GET('/api/v1/catalogue')),
})
