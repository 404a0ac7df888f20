import { queryOptions } from '@tanstack/react-query'
import { keys } from './keys'
import { ask, office, type Schemas } from '@/lib/api'

export type Enquiry = Schemas['Enquiry']

/** What I asked, newest first. */
export const myEnquiriesQuery = (round: string) =>
  queryOptions({
    queryKey: keys.enquiries(round, 'mine'),
    queryFn: () =>
      ask(office.GET('/api/v1/rounds/{round}/enquiries', { params: { path: { round }, query: { mine: true } } })),
  })

/** What people ask me: those that wait first. */
export const enquiriesQuery = (round: string) =>
  queryOptions({
    queryKey: keys.enquiries(round, 'desk'),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/enquiries', { params: { path: { round } } })),
  })
