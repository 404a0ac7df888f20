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

export const undoReasons = [
  'spoiled',
  'returned',
  'mistake',
] as const satisfies readonly Schemas['PaperUndo']['reason'][]

export const placesQuery = (round: string) =>
  queryOptions({
    queryKey: keys.round(round, 'places'),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/places', { params: { path: { round } } })),
    refetchInterval: 60_000,
  })

export type Certificate = Schemas['Certificate']

/** What the poll book says of a place's sheets of paper, and what its officers signed. */
export const accountQuery = (round: string, place: number) =>
  queryOptions({
    queryKey: keys.round(round, 'places', place, 'certificate'),
    queryFn: () =>
      ask(
        office.GET('/api/v1/rounds/{round}/places/{event}/certificate', { params: { path: { round, event: place } } }),
      ),
    staleTime: 0,
  })

/** What no other number explains: above zero sheets are missing, below it there are too many. */
export const differenceOf = (of: { marked: number; undone: number; sheets: number; taken_away: number }) =>
  of.marked - of.undone - of.sheets - of.taken_away

/** This browser as a kiosk of a round; null if it is none. */
export const kioskQuery = (round: string) =>
  queryOptions({
    queryKey: keys.round(round, 'kiosk'),
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

/** What was done at a place in the last 24 hours. */
export function sumsOf({ hours = [] }: Pick<Place, 'hours'>, now: Date) {
  const of = (what: string) =>
    hours
      .filter((hour) => hour.what === what && Date.parse(hour.begins) > now.getTime() - 86_400_000)
      .reduce((sum, { n }) => sum + n, 0)
  return {
    look_up: of('look_up'),
    code: of('code'),
    kiosk: of('kiosk'),
    paper: of('paper'),
    undone: of('spoiled') + of('returned') + of('mistake'),
  }
}

export type Alarm = 'no_kiosk' | 'unused' | 'quiet' | 'parted'

/** Fewer codes than this say nothing yet. */
const few = 10

/** Sheets of paper that a place has declared in its batches, or says were taken away; a batch knows its place by name and address. */
export const declaredAt = (place: Pick<Place, 'place' | 'address'>, batches: Schemas['PaperBatch'][]) =>
  batches
    .filter((batch) => batch.place === [place.place, place.address].filter(Boolean).join(', '))
    .reduce((sum, { declared, taken_away }) => sum + declared + taken_away, 0)

/**
 * Where numbers part that should go together: the place is open without a kiosk, many codes were given and not voted with, nobody came for two hours,
 * or, while it is not open, the rights that are marked as paper are not the sheets that it has declared. A lost slip is a code more, so a third may go
 * unused.
 */
export function alarmsOf(
  place: Pick<Place, 'times' | 'kiosks' | 'hours' | 'paper'>,
  sums: Pick<ReturnType<typeof sumsOf>, 'code' | 'kiosk'>,
  now: Date,
  declared?: number,
): Alarm[] {
  const open = openAt(place, now)
  const alarms: Alarm[] = []
  if (open?.open && !place.kiosks?.some(({ enrolled }) => enrolled)) alarms.push('no_kiosk')
  if (sums.code >= few && sums.kiosk < (sums.code * 2) / 3) alarms.push('unused')
  const since = now.getTime() - 2 * 3_600_000
  if (
    open?.open &&
    Date.parse(open.begins) < since &&
    !place.hours?.some(
      ({ what, begins }) => (what === 'kiosk' || what === 'paper') && Date.parse(begins) + 3_600_000 > since,
    )
  )
    alarms.push('quiet')
  if (!open?.open && declared !== undefined && declared !== (place.paper ?? 0)) alarms.push('parted')
  return alarms
}
