import { queryOptions } from '@tanstack/react-query'
import { ask, office, type Schemas } from '@/lib/api'
import { keys } from './keys'
import type { Round } from './round'

export type Row = Schemas['TranslationRow']
export type Standing = Schemas['TranslationStanding']
export type Count = Schemas['TranslationCount']
export type Status = Schemas['TranslationStatus']
export type Part = Schemas['TranslationPart']
export type Subject = Schemas['TranslationSubject']
export type Report = Schemas['TranslationReport']
export type Language = Schemas['Language']

export const languages = ['fi', 'sv', 'en'] as const satisfies readonly Language[]
export const subjects = ['ballot', 'rejected'] as const satisfies readonly Subject[]

/** What the work list is narrowed to; its address holds it. */
export interface Filter {
  subject?: Subject
  language?: Language
  open?: boolean
  area?: string
  proposal?: number
  offset?: number
}

export function filterOf(params: URLSearchParams): Filter {
  return {
    subject: subjects.find((one) => one === params.get('subject')),
    language: languages.find((one) => one === params.get('language')),
    open: params.get('all') !== 'yes',
    area: params.get('area') ?? undefined,
    offset: Number(params.get('from')) || undefined,
  }
}

/** The languages that a round's ballot promises to be in. */
export const promisedIn = ({ settings }: Pick<Round, 'settings'>): readonly Language[] =>
  settings.languages ?? languages

export const translationsQuery = (round: string, filter: Filter) =>
  queryOptions({
    queryKey: keys.translations(round, filter),
    queryFn: () =>
      ask(office.GET('/api/v1/rounds/{round}/translations', { params: { path: { round }, query: filter } })),
    staleTime: 0,
  })

export const sheetHref = (
  round: string,
  { subject, open, area }: Filter,
  into: Language,
  format: 'xlsx' | 'csv',
  language: string,
) =>
  `/api/v1/rounds/${round}/translations/sheet?${new URLSearchParams({
    into,
    format,
    language,
    ...(subject && { subject }),
    ...(open && { open: 'true' }),
    ...(area && { area }),
  }).toString()}`

/** What a sheet would save, or with confirm saves: all rows or none. */
export const importTranslations = (round: string, into: Language, file: string, confirm: boolean) =>
  ask(
    office.POST('/api/v1/rounds/{round}/translations/import', {
      params: { path: { round } },
      body: { into, file, confirm },
    }),
  )

export const translate = (round: string, proposal: number, body: Schemas['Translation']) =>
  ask(
    office.PUT('/api/v1/rounds/{round}/proposals/{proposal}/translation', {
      params: { path: { round, proposal } },
      body,
    }),
  )

/** The row that comes after this one in a list that may have lost it meanwhile. */
export function after(rows: Pick<Row, 'proposal'>[], proposal: number): number | undefined {
  const at = rows.findIndex((row) => row.proposal === proposal)
  return rows.slice(at + 1).concat(rows.slice(0, Math.max(at, 0)))[0]?.proposal
}
