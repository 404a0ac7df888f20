import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { keys } from './keys'
import { ask, office, type Schemas } from '@/lib/api'

export type Delivery = Schemas['Delivery']
export type DeliveryPhase = Schemas['DeliveryPhase']
export type DeliveryStanding = Schemas['DeliveryStanding']
export type DeliveryStory = Schemas['DeliveryStory']
export type DeliveryReport = Schemas['DeliveryReport']
export type DeliveryDate = Schemas['DeliveryDate']
export type WorthAnswer = Schemas['WorthAnswer']
export type DeliveryFact = Schemas['DeliveryFact']
export type DeliveryRow = Schemas['DeliveryRow']
export type DeliveryImported = Schemas['DeliveryImported']

export const worthAnswers = ['yes', 'partly', 'no'] as const satisfies readonly WorthAnswer[]

export const judgeDelivery = (round: string, project: number, answer: WorthAnswer) =>
  ask(
    office.POST('/api/v1/rounds/{round}/deliveries/{project}/worth', {
      params: { path: { round, project } },
      body: { answer },
    }),
  )

/** What a sheet, in base64, would do; with the digest of what it would do, it is done. */
export const importDeliveries = (round: string, file: string, digest?: string) =>
  ask(
    office.POST('/api/v1/rounds/{round}/delivery-sheet', {
      params: { path: { round } },
      body: { file, ...(digest && { digest }) },
    }),
  )

/** How many rows there are of each status. */
export function countedRows(rows: DeliveryRow[]): Record<DeliveryRow['status'], number> {
  const sums = { change: 0, unchanged: 0, unmatched: 0, error: 0 }
  for (const { status } of rows) sums[status]++
  return sums
}

/** In their order. */
export const deliveryPhases = [
  'codevelopment',
  'planning',
  'procurement',
  'building',
  'done',
  'warranty',
] as const satisfies readonly DeliveryPhase[]

export const deliveryStandings = [
  'on_course',
  'changed',
  'paused',
  'cancelled',
] as const satisfies readonly DeliveryStanding[]

export interface DeliveryFilter {
  round?: string
  area?: string
  theme?: string
  division?: string
  phase?: DeliveryPhase
  late?: boolean
  q?: string
}

/** The filter that an address holds; what it cannot mean is left out. */
export function deliveryFilterOf(params: URLSearchParams): DeliveryFilter {
  const word = (name: string) => params.get(name) ?? undefined
  return {
    round: word('round'),
    area: word('area'),
    theme: word('theme'),
    division: word('division'),
    phase: deliveryPhases.find((one) => one === params.get('phase')),
    late: params.get('late') === 'yes' || undefined,
    q: word('q'),
  }
}

export const deliveriesQuery = (filter: DeliveryFilter) =>
  infiniteQueryOptions({
    queryKey: keys.deliveries(filter),
    queryFn: ({ pageParam }) =>
      ask(office.GET('/api/v1/deliveries', { params: { query: { ...filter, from: pageParam, limit: 24 } } })),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next,
  })

export const deliveryQuery = (round: string, project: number) =>
  queryOptions({
    queryKey: keys.delivery(round, project),
    queryFn: () =>
      ask(office.GET('/api/v1/rounds/{round}/deliveries/{project}', { params: { path: { round, project } } })),
  })

export const myDeliveriesQuery = queryOptions({
  queryKey: keys.deliveries('mine'),
  queryFn: () => ask(office.GET('/api/v1/deliveries/mine')),
})
