import type { Refused } from './verifier'

/** A sheet of paper that was drawn to be fetched, as `osbu-verify sample --paper --json` tells of it (cmd/osbu-verify/sample.go). */
export interface DrawnSheet {
  batch: string
  serial: string
  area: string
  /** Its choices are not in the record. */
  withheld: boolean
  choices: number[] | null
  points?: number[]
}

export interface Drawn {
  confirmed: true
  seed: string
  /** Sheets that count, in the whole record. */
  ballots: number
  sample: DrawnSheet[]
}

export type DrawAnswer = Drawn | Refused

/** What the record says of a sheet, as people write it: numbers, of points with a colon. */
export const recorded = ({ choices, points }: DrawnSheet) =>
  (choices ?? [])
    .map((number, index) => (points ? `${String(number)}:${String(points[index])}` : String(number)))
    .join(' ')

/** Whether somebody saw on a sheet what the record says of it; undefined while nothing is typed. Only of a ranking the order counts. */
export function agrees(sheet: DrawnSheet, typed: string, ranking: boolean): boolean | undefined {
  const words = typed.split(/[\s,;]+/).filter(Boolean)
  if (words.length === 0) return undefined
  const order = (list: string[]) => (ranking ? list : list.toSorted()).join(' ')
  return order(words) === order(recorded(sheet).split(' '))
}
