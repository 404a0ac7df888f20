import { queryOptions } from '@tanstack/react-query'
import { keys } from './keys'
import { ask, office, type Schemas } from '@/lib/api'

export type Report = Schemas['AssistedReport']
export type Row = Schemas['AssistedRow']
export type ClaimLetter = Schemas['ClaimLetter']
export type Proposal = Schemas['Proposal']
export type Consent = Schemas['Consent']
export type AssistedText = Schemas['AssistedText']

export const channels = ['phone', 'paper', 'workshop'] as const satisfies readonly AssistedText['channel'][]
export const manners = ['spoken', 'written'] as const satisfies readonly Consent['how'][]

export const assistedQuery = (round: string) =>
  queryOptions({
    queryKey: keys.assisted(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/assisted', { params: { path: { round } } })),
  })

/** Another letter, and a letter if there is an address: the code of the one before is void. */
export const reissue = (round: string, proposal: number, address: string) =>
  ask(
    office.POST('/api/v1/rounds/{round}/proposals/{proposal}/claim-code', {
      params: { path: { round, proposal } },
      body: { ...(address && { address }) },
    }),
  )

export const templateHref = (round: string, lang: string) =>
  `/api/v1/rounds/${round}/assisted/template.xlsx?language=${lang}`

/** What a sheet would become, or with confirm its proposals: of all rows or none, partly of those that are right. */
export const importSheet = (round: string, file: string, confirm: boolean, partly = false) =>
  ask(
    office.POST('/api/v1/rounds/{round}/assisted/import', {
      params: { path: { round } },
      body: { file, confirm, partly },
    }),
  )

/** What is read, in bytes: more is refused by the server too. */
export const mostBytes = 4 << 20

/** A file's bytes in base64. */
export async function base64Of(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let binary = ''
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(binary)
}

/** How many rows have each status. */
export function counted(rows: Row[]): Record<Row['status'], number> {
  const sums = { made: 0, known: 0, faulty: 0 }
  for (const { status } of rows) sums[status]++
  return sums
}

/** What is printed of a proposal, in its language: its title and code, and its author's name if it is known. */
export interface Printed {
  id: number
  title: string
  code: string
  name?: string
  language?: Schemas['Language']
}

/** The letters of the rows that were made. */
export const lettersOf = (rows: Row[]): Printed[] =>
  rows.flatMap(({ proposal, code, title, name, language }) =>
    proposal && code ? [{ id: proposal, title, code, name, language }] : [],
  )
