import { queryOptions } from '@tanstack/react-query'
import { keys } from './keys'
import { ask, office, type Schemas } from '@/lib/api'
import { locale, type Lang } from '@/lib/lang'

export type Event = Schemas['Event']
export type EventText = Schemas['EventText']
export type EventTime = Schemas['EventTime']
export type EventKind = Schemas['EventKind']
export type Spoken = Schemas['SpokenLanguage']
export type Access = Schemas['EventAccess']

export const kinds = ['workshop', 'evening', 'voting', 'other'] as const satisfies readonly EventKind[]
export const spokenLanguages = [
  'fi',
  'sv',
  'en',
  'ru',
  'et',
  'fr',
  'so',
  'es',
  'tr',
  'zh',
  'fa',
  'ar',
] as const satisfies readonly Spoken[]
export const accesses = [
  'step_free',
  'toilet',
  'parking',
  'induction_loop',
  'sign_language',
  'speech_to_text',
  'quiet_space',
] as const satisfies readonly Access[]

export interface EventFilter {
  area?: string
  kind?: EventKind
  spoken?: Spoken
  month?: string
}

/** The filter that an address holds; what it cannot mean is left out. */
export function eventFilterOf(params: URLSearchParams): EventFilter {
  const month = params.get('month') ?? ''
  return {
    area: params.get('area') ?? undefined,
    kind: kinds.find((one) => one === params.get('kind')),
    spoken: spokenLanguages.find((one) => one === params.get('spoken')),
    month: /^\d{4}-(0[1-9]|1[0-2])$/.test(month) ? month : undefined,
  }
}

export const eventsQuery = (round: string, filter: EventFilter, limit = 100) =>
  queryOptions({
    queryKey: keys.events(round, filter, limit),
    queryFn: () =>
      ask(office.GET('/api/v1/rounds/{round}/events', { params: { path: { round }, query: { ...filter, limit } } })),
  })

export const eventQuery = (round: string, event: number) =>
  queryOptions({
    queryKey: keys.event(round, event),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/events/{event}', { params: { path: { round, event } } })),
  })

export const deskEventsQuery = (round: string) =>
  queryOptions({
    queryKey: keys.deskEvents(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/desk/events', { params: { path: { round } } })),
  })

export const eventFileQuery = (round: string, event: number) =>
  queryOptions({
    queryKey: keys.eventFile(round, event),
    queryFn: () =>
      ask(office.GET('/api/v1/rounds/{round}/events/{event}/case', { params: { path: { round, event } } })),
  })

/** "2026-11" → "marraskuu 2026". */
export const monthText = (lang: Lang, month: string) =>
  new Intl.DateTimeFormat(locale[lang], { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(month))

/** "fi" → "suomi". */
export const spokenText = (lang: Lang, spoken: Spoken) =>
  new Intl.DisplayNames(locale[lang], { type: 'language' }).of(spoken) ?? spoken
