import type { Schemas } from '@/lib/api'
import { readPoint, writePoint } from '@/lib/point'

export type ProposalText = Schemas['ProposalText']
export type Proposal = Schemas['Proposal']
type Words = Schemas['Words']

/** The form's fields; empty where nothing is written. */
export interface Fields {
  title: string
  what: string
  why: string
  area: string
  place: string
  /** "60.18699, 24.95036": latitude and longitude (WGS 84). */
  point: string
  theme: string
  /** The same in Swedish, of a proposal that the city wrote in both languages. */
  title_sv: string
  what_sv: string
  why_sv: string
}

export const empty: Fields = {
  title: '',
  what: '',
  why: '',
  area: '',
  place: '',
  point: '',
  theme: '',
  title_sv: '',
  what_sv: '',
  why_sv: '',
}

type Point = NonNullable<ProposalText['point']>

/** Where a map of the whole world shows the point. */
export const mapHref = ({ latitude, longitude }: Point) =>
  `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`

/** The form's fields from a text, and from the same in Swedish. */
export function fieldsOf({ text, swedish }: { text: ProposalText; swedish?: Words }): Fields {
  const { title = '', what = '', why = '', area = '', place = '', point, theme = '' } = text
  const words = { title_sv: swedish?.title ?? '', what_sv: swedish?.what ?? '', why_sv: swedish?.why ?? '' }
  return { title, what, why, area, place, point: point ? writePoint(point) : '', theme, ...words }
}

/** What is sent in Swedish, of a proposal in both languages. */
export const swedishOf = ({ title_sv: title, what_sv: what, why_sv: why }: Fields): Words => ({
  title,
  what,
  ...(why.trim() && { why }),
})

/** What is sent, in the language it was begun in; empty fields are left out. */
export function textOf({ point, ...fields }: Fields, language: ProposalText['language']): ProposalText {
  const written = Object.entries(fields).filter(
    ([key, value]: [string, string]) => value.trim() !== '' && !key.endsWith('_sv'),
  )
  const at = readPoint(point)
  return { language, ...Object.fromEntries(written), ...(at && { point: at }) }
}

export const isBlank = (fields: Fields) => Object.values(fields).every((value: string) => value.trim() === '')
export const isSame = (a: Fields, b: Fields) =>
  (Object.keys(empty) as (keyof Fields)[]).every((key) => a[key] === b[key])

/** Which fields are on which step of the form. */
export const steps = [
  ['title', 'what', 'why', 'title_sv', 'what_sv', 'why_sv'],
  ['area', 'place', 'point', 'theme'],
  [], // images and co-authors are the draft's, not the text's
  [], // all of it once more
] as const satisfies readonly (readonly (keyof Fields)[])[]

/** The steps' numbers that are named elsewhere. */
export const imagesStep = 2
export const lastStep = steps.length - 1

export function stepOf(field: keyof Fields): number {
  return steps.findIndex((fields) => fields.some((one) => one === field))
}

/** What is kept in this browser until the server has it. */
export interface Kept {
  fields: Fields
  /** The server's version that was being edited; 0 when there is none yet. */
  version: number
}

const slot = (round: string, proposal: number | undefined) => `osbu.propose.${round}.${proposal ?? 'new'}`

/** Keeps what was written in this browser, so that a reload or signing in loses nothing. */
export function keep(round: string, proposal: number | undefined, kept: Kept): void {
  try {
    localStorage.setItem(slot(round, proposal), JSON.stringify(kept))
  } catch {
    // Full or blocked storage: the page itself still holds the text.
  }
}

export function forget(round: string, proposal: number | undefined): void {
  try {
    localStorage.removeItem(slot(round, proposal))
  } catch {
    // Nothing was kept.
  }
}

export function kept(round: string, proposal: number | undefined): Kept | undefined {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(slot(round, proposal)) ?? 'null')
    return isKept(found) ? { ...found, fields: { ...empty, ...found.fields } } : undefined
  } catch {
    return undefined
  }
}

function isKept(found: unknown): found is Kept {
  if (typeof found !== 'object' || found === null || !('fields' in found) || !('version' in found)) return false
  const { fields, version } = found
  return (
    typeof version === 'number' &&
    typeof fields === 'object' &&
    fields !== null &&
    ['title', 'what'].every((key) => key in fields) &&
    Object.values(fields).every((value) => typeof value === 'string')
  )
}
