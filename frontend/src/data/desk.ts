import { queryOptions } from '@tanstack/react-query'
import { keys } from './keys'
import { ask, office, type Schemas } from '@/lib/api'

export type Desk = Schemas['Desk']
export type CaseFile = Schemas['Case']
export type Version = Schemas['ProposalVersion']
export type CaseNote = Schemas['CaseNote']
export type Estimate = Schemas['Estimate']

/** Why a proposal can be rejected. */
export const reasons = [
  'not_city_competence',
  'unlawful',
  'not_one_off',
  'outside_area',
  'too_expensive',
  'already_planned',
  'duplicate',
  'not_feasible',
  'other',
] as const satisfies readonly Schemas['ReasonCode'][]

export const deskQuery = (round: string) =>
  queryOptions({
    queryKey: keys.desk(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/desk', { params: { path: { round } } })),
  })

export const fileQuery = (round: string, proposal: number) =>
  queryOptions({
    queryKey: keys.file(round, proposal),
    queryFn: () =>
      ask(office.GET('/api/v1/rounds/{round}/proposals/{proposal}/case', { params: { path: { round, proposal } } })),
  })

export const contactsQuery = (round: string) =>
  queryOptions({
    queryKey: keys.contacts(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/contacts', { params: { path: { round } } })),
  })

export const assign = (round: string, body: Schemas['Assignment']) =>
  ask(office.POST('/api/v1/rounds/{round}/queue/assignment', { params: { path: { round } }, body }))

export const channels = [
  'phone',
  'email',
  'chat',
  'counter',
  'event',
] as const satisfies readonly Schemas['ContactChannel'][]
export const topics = [
  'idea',
  'writing',
  'place',
  'cost',
  'decision',
  'voting',
  'other',
] as const satisfies readonly Schemas['ContactTopic'][]
export const contactLanguages = ['fi', 'sv', 'en', 'other'] as const satisfies readonly Schemas['ContactLanguage'][]
export const verdicts = ['yes', 'no', 'unclear'] as const satisfies readonly Schemas['Verdict'][]

/** What happened, oldest first: steps of the proposal's life with the version before each, what staff noted between them, and what experts said. */
export type Happening =
  | { at: string; version: Version; before?: Version }
  | { at: string; note: CaseNote }
  | { at: string; estimate: Estimate; before?: Estimate }

/** A step of an estimate's publication is told by the estimate itself, where that may be read. */
export function timeline(versions: Version[], notes: CaseNote[], estimates: Estimate[] = []): Happening[] {
  const steps: Happening[] = versions.flatMap((version, index) =>
    version.action === 'estimate' && estimates.length > 0
      ? []
      : [{ at: version.at, version, before: versions[index - 1] }],
  )
  const said: Happening[] = estimates.map((estimate, index) => ({
    at: estimate.at,
    estimate,
    before: estimates[index - 1],
  }))
  const written: Happening[] = notes.map((note) => ({ at: note.at, note }))
  return [...steps, ...written, ...said].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
}

const versionFields = ['title', 'what', 'why', 'place'] as const
export type VersionField = (typeof versionFields)[number]

/** A field of the text that a version changed, as it was and as it is. */
export interface Changed {
  field: VersionField
  /** Of a translation, its language; otherwise of the text itself. */
  into?: 'sv' | 'en'
  from: string
  to: string
}

/** The fields of the text that a version changed. */
export function changed(version: Version, before: Version | undefined): Changed[] {
  if (!before) return []
  const text: Changed[] = versionFields.map((field) => ({
    field,
    from: before.text[field] ?? '',
    to: version.text[field] ?? '',
  }))
  const translated = (
    [
      ['sv', 'swedish'],
      ['en', 'english'],
    ] as const
  ).flatMap(([into, words]) =>
    versionFields.map((field): Changed => ({
      field,
      into,
      from: before[words]?.[field] ?? '',
      to: version[words]?.[field] ?? '',
    })),
  )
  return [...text, ...translated].filter(({ from, to }) => from !== to)
}

/** How much waits for me, looked at anew once in a while. */
/** How the queue stands, in my districts or everywhere. */
export const overviewQuery = (round: string) =>
  queryOptions({
    queryKey: keys.overview(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/desk/overview', { params: { path: { round } } })),
    staleTime: 0,
  })

export const workQuery = (round: string) =>
  queryOptions({
    queryKey: keys.work(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/desk/work', { params: { path: { round } } })),
    refetchInterval: 120_000,
  })
