import { queryOptions } from '@tanstack/react-query'
import { keys } from './keys'
import { ask, office, type Schemas } from '@/lib/api'

export type Report = Schemas['ToldReport']
export type Row = Schemas['ToldRow']
export type Slip = Schemas['Slip']
export type Proposal = Schemas['Proposal']
export type Consent = Schemas['Consent']
export type ToldText = Schemas['ToldText']

export const channels = ['phone', 'paper', 'workshop'] as const satisfies readonly ToldText['channel'][]
export const manners = ['spoken', 'written'] as const satisfies readonly Consent['how'][]

export const toldQuery = (round: string) =>
  queryOptions({
    queryKey: keys.assisted(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/told', { params: { path: { round } } })),
  })

/** Another slip, and a letter if there is an address: the code of the one before is void. */
export const reissue = (round: string, proposal: number, address: string) =>
  ask(
    office.POST('/api/v1/rounds/{round}/proposals/{proposal}/claim-code', {
      params: { path: { round, proposal } },
      body: { ...(address && { address }) },
    }),
  )

export const templateHref = (round: string, lang: string) =>
  `/api/v1/rounds/${round}/told/template.xlsx?language=${lang}`

export const importSheet = (round: string, file: string, confirm: boolean) =>
  ask(office.POST('/api/v1/rounds/{round}/told/import', { params: { path: { round } }, body: { file, confirm } }))

/** What is read, in bytes: more is refused by the server too. */
export const mostBytes = 4 << 20

/** A file's bytes in base64. */
export async function base64Of(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let binary = ''
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(binary)
}

/** How many rows have each fate. */
export function counted(rows: Row[]): Record<Row['fate'], number> {
  const sums = { made: 0, known: 0, faulty: 0 }
  for (const { fate } of rows) sums[fate]++
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

/** The slips of the rows that were made. */
export const slipsOf = (rows: Row[]): Printed[] =>
  rows.flatMap(({ proposal, code, title, name, language }) =>
    proposal && code ? [{ id: proposal, title, code, name, language }] : [],
  )
