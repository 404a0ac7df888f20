import { queryOptions } from '@tanstack/react-query'
import { ask, office, type Schemas } from '@/lib/api'
import { keys } from './keys'

export type Comparison = Schemas['SheetComparison']
export type Findings = Schemas['ComparisonFindings']

export const comparisonsQuery = (round: string) =>
  queryOptions({
    queryKey: keys.round(round, 'comparisons'),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/comparisons', { params: { path: { round } } })),
    staleTime: 0,
  })

/** A sheet as people call it: its batch, and its serial as it is printed. */
export const nameOf = ({ batch, serial }: Schemas['SheetName']) => `${batch} ${serial.slice(0, 4)}-${serial.slice(4)}`

/** Sheets that say something else than the record, and those that are gone. */
export const errorsOf = ({ other, missing }: Findings) => other.length + missing.length

/** What is certain of an area if so many of all sheets are wrong in the worst way. */
export function standing({ estimated }: Findings, sheets: number | undefined): 'stands' | 'could' | 'unknown' {
  if (sheets === undefined) return 'unknown'
  return estimated <= sheets ? 'stands' : 'could'
}

/**
 * What somebody saw on a sheet, as it is sent: numbers apart by spaces, of points with a colon; a hyphen is a sheet on which nothing is marked.
 * undefined: it cannot be read.
 */
export function readSeen(typed: string): string | undefined {
  const text = typed.trim()
  if (text === '-' || text === '–') return ''
  const words = text
    .replace(/\s*:\s*/g, ':')
    .split(/[\s,;]+/)
    .filter(Boolean)
  return words.length > 0 && words.every((word) => /^\d{1,6}(:\d{1,6})?$/.test(word)) ? words.join(' ') : undefined
}
