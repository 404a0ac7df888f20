import { queryOptions } from '@tanstack/react-query'
import { keys } from './keys'
import { ask, office, type Schemas } from '@/lib/api'

export type Place = Schemas['PollingPlace']
export type Found = Schemas['LookUpAnswer']

export const documents = [
  'identity_card',
  'passport',
  'driving_licence',
  'residence_permit',
  'other_document',
  'no_document',
] as const satisfies readonly Schemas['LookUp']['document'][]

export const helps = ['help_officer', 'help_own', 'help_interpreter'] as const satisfies readonly NonNullable<
  Schemas['LookUp']['help']
>[]

export const placesQuery = (round: string) =>
  queryOptions({
    queryKey: keys.places(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/places', { params: { path: { round } } })),
    refetchInterval: 60_000,
  })

/** This browser as a kiosk of a round; null if it is none. */
export const kioskQuery = (round: string) =>
  queryOptions({
    queryKey: keys.kiosk(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/kiosk', { params: { path: { round } } })),
    retry: false,
    staleTime: 0,
  })

/** When a place is open: now, or next; undefined when its last time is over. */
export function openAt({ times }: { times: { begins: string; ends: string }[] }, now: Date) {
  const left = times.filter(({ ends }) => Date.parse(ends) > now.getTime())
  const first = left.toSorted((a, b) => Date.parse(a.begins) - Date.parse(b.begins))[0]
  return first && { ...first, open: Date.parse(first.begins) <= now.getTime() }
}
