import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { keys } from './keys'
import { ask, office, type Schemas } from '@/lib/api'
import type { Lang } from '@/lib/lang'

export type Step = Schemas['Step']
export type SettingsShape = Schemas['RoundSettings']

export const phases = [
  'draft',
  'proposing',
  'vetting',
  'frozen',
  'voting',
  'closed',
  'counted',
  'confirmed',
  'delivering',
  'archived',
] as const satisfies readonly Schemas['Phase'][]

export const presetsQuery = queryOptions({
  queryKey: keys.presets,
  queryFn: () => ask(office.GET('/api/v1/presets')),
  select: (presets) => [...presets].sort((a, b) => b.name.localeCompare(a.name)), // the newest year first
  staleTime: Infinity,
})

/** Who works for the city, and on what. */
export const staffQuery = queryOptions({
  queryKey: keys.staff,
  queryFn: () => ask(office.GET('/api/v1/staff')),
  staleTime: 0,
})

export const emailStates = ['waiting', 'tried', 'sent', 'unwanted', 'bounced'] as const satisfies readonly EmailState[]
type EmailState = Schemas['EmailState']

export const emailsQuery = (round: string, state: EmailState | undefined, language: Schemas['Language']) =>
  infiniteQueryOptions({
    queryKey: keys.emails(round, state, language),
    queryFn: ({ pageParam }) =>
      ask(
        office.GET('/api/v1/emails', {
          params: { query: { language, ...(round && { round }), state, from: pageParam || undefined } },
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next,
    staleTime: 0,
  })

export const nextQuery = (round: string) =>
  queryOptions({
    queryKey: keys.steps(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/steps', { params: { path: { round } } })),
    staleTime: 0,
  })

export const rollQuery = (round: string) =>
  queryOptions({
    queryKey: keys.roll(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/roll', { params: { path: { round } } })),
    staleTime: 0,
  })

/** The ballot by number, with the version that its changes want. */
export const ballotQuery = (round: string) =>
  queryOptions({
    queryKey: keys.onBallot(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/ballot', { params: { path: { round } } })),
  })

export const acceptedQuery = (round: string) =>
  infiniteQueryOptions({
    queryKey: keys.accepted(round),
    queryFn: ({ pageParam }) =>
      ask(
        office.GET('/api/v1/rounds/{round}/queue', {
          params: { path: { round }, query: { state: 'accepted', offset: pageParam } },
        }),
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.next,
  })

export const auditPage = 500

/** What the audit log is narrowed to; nothing is all of it. */
export interface AuditFilter {
  actor?: string
  action?: string
  part?: string
  proposal?: number
}

export const auditQuery = (round: string, filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: [...keys.audit(round), filter],
    queryFn: ({ pageParam }) =>
      ask(
        office.GET('/api/v1/rounds/{round}/audit', {
          params: { path: { round }, query: { ...filter, before: pageParam } },
        }),
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => (page.length === auditPage ? page.at(-1)?.seq : undefined),
  })

/** Who and what the audit log can be narrowed to. */
export const auditChoicesQuery = (round: string) =>
  queryOptions({
    queryKey: keys.auditChoices(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/audit/choices', { params: { path: { round } } })),
    staleTime: 0,
  })

/** Where the narrowed log is to be had as a file, all of it. */
export function auditExport(round: string, filter: AuditFilter, format: 'xlsx' | 'csv', language: Lang): string {
  const query = new URLSearchParams({ format, language })
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, String(value))
  return `/api/v1/rounds/${round}/audit/export?${query.toString()}`
}

/** The audit log's chain, recomputed by the service whenever it is looked at. */
export const auditCheckQuery = (round: string) =>
  queryOptions({
    queryKey: keys.auditCheck(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/audit-check', { params: { path: { round } } })),
    staleTime: 0,
  })

/** Steps that cannot be taken back in any way and ask for a tick first. */
export const final: Step[] = ['freeze', 'open', 'close', 'publish']
/** Steps that stand on a decision. */
export const decided: Step[] = ['freeze', 'confirm']
