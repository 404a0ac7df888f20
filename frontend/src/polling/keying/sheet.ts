import type { Schemas } from '@/lib/api'

// What one person keys in of a stack of ballot papers, and what keeps a sheet from being right. The box checks the same (domain/paper): here it is said
// at the field, while the sheet is still in the hand.

type Form = Schemas['Form']

/** A project on a sheet; points only where the form has them. */
export interface Pick {
  number: number
  points?: number
}

export interface Keyed {
  /** Eight letters and digits, without hyphen; empty while it is not typed. */
  serial: string
  /** In the order in which they stand on the sheet: of a ranking it is the order that counts. */
  picks: Pick[]
  /** Why it is doubtful; empty: it is not. */
  reason: string
}

export const blankSheet: Keyed = { serial: '', picks: [], reason: '' }

/** What stands on the paper that the stack is of. */
export interface OnPaper {
  form: Form
  projects: Map<number, { title: Schemas['Text']; area: string; cost: number; withdrawn: boolean }>
  pots: Map<string, number>
}

export const reasons = [
  'too_many',
  'too_few',
  'over_pot',
  'unreadable',
  'mark_outside',
  'several_areas',
  'other_round',
  'unknown_number',
  'withdrawn_project',
  'blank',
] as const

export type Fault =
  | 'serial'
  | 'twice'
  | 'number'
  | 'unknown'
  | 'again'
  | 'several_areas'
  | 'above'
  | 'below'
  | 'over_pot'
  | 'points'
  | 'points_each'
  | 'points_above'
  | 'points_left'
  | 'empty'

/** A serial as it is printed or scanned: case, spaces and hyphens do not matter, and what looks alike is one (domain/code.go, ReadCode). */
export function readSerial(typed: string): string | undefined {
  const serial = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{Nd}]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
  return /^[0-9A-HJKMNP-TV-Z]{8}$/.test(serial) ? serial : undefined
}

export const writeSerial = (serial: string) => `${serial.slice(0, 4)}-${serial.slice(4)}`

const whole = (text: string) => (/^\d{1,6}$/.test(text) ? Number(text) : 0)

/**
 * What is typed of projects: numbers apart by spaces or commas; of points one project at a time, its number and its points, apart by anything that the
 * number keys have.
 */
export function readPicks(kind: Form['kind'], typed: string): Pick[] | undefined {
  const words = typed.split(/[^\d]+/).filter(Boolean)
  if (/[^\d\s,.;:*/+=-]/.test(typed) || words.length === 0) return undefined
  const numbers = words.map(whole)
  if (numbers.includes(0)) return undefined
  if (kind !== 'points') return numbers.map((number) => ({ number }))
  const [number, points] = numbers
  return number && points && numbers.length === 2 ? [{ number, points }] : undefined
}

/**
 * How many digits the paper's longest number has. A number with as many is whole, so that nothing has to part it from the next one. 0: all have one
 * digit, where 12 might be one number as well as two, or what is typed are points.
 */
export function widthOf({ form, projects }: OnPaper): number {
  const width = String(Math.max(0, ...projects.keys())).length
  return form.kind === 'points' || width === 1 ? 0 : width
}

/** Whether what is typed is one number that is whole. */
export const isWhole = (on: OnPaper, typed: string): boolean =>
  /^\d+$/.test(typed.trim()) && typed.trim().length === widthOf(on)

/** What is wrong with one more project on a sheet, said as soon as it is typed. */
export function faultOfPick({ form, projects, pots }: OnPaper, picks: Pick[], next: Pick): Fault | undefined {
  const project = projects.get(next.number)
  if (!project) return 'unknown'
  if (picks.some(({ number }) => number === next.number)) return 'again'
  const [first] = picks
  if (first && projects.get(first.number)?.area !== project.area) return 'several_areas'
  if (picks.length >= form.max) return 'above'
  const all = [...picks, next]
  if (form.kind === 'knapsack') {
    const sum = all.reduce((sum, { number }) => sum + (projects.get(number)?.cost ?? 0), 0)
    if (sum > (pots.get(project.area) ?? 0)) return 'over_pot'
  }
  if (form.kind === 'points') {
    if ((next.points ?? 0) > (form.points_each ?? Infinity)) return 'points_each'
    if (pointsOf(all) > (form.points ?? Infinity)) return 'points_above'
  }
  return undefined
}

const pointsOf = (picks: Pick[]) => picks.reduce((sum, { points = 0 }) => sum + points, 0)

/** What keeps a sheet from being done. One that names nothing says why. */
export function faultOfSheet({ form }: OnPaper, { picks, reason }: Keyed): Fault | undefined {
  if (picks.length === 0) return reason ? undefined : 'empty'
  if (picks.length < form.min) return 'below'
  if (form.kind === 'points' && form.points_all && pointsOf(picks) < (form.points ?? 0)) return 'points_left'
  return undefined
}

const choicesOf = (picks: Pick[]) =>
  picks.map(({ number, points }) => (points ? `${String(number)}:${String(points)}` : String(number))).join(' ')

/** A sheet as the box tells of it. */
export function toKeyed(serial: string, { choices, reason }: Schemas['KeyedSheet']): Keyed {
  const picks = choices
    .split(' ')
    .filter(Boolean)
    .map((word) => {
      const [number, points] = word.split(':').map(Number)
      return { number: number ?? 0, ...(points && { points }) }
    })
  return { serial, picks, reason }
}

/** The table that one could have written oneself: a row for each sheet, the first of them on line 2. */
export const toFile = (sheets: Keyed[]) =>
  [
    'serial;numbers;reason',
    ...sheets.map(({ serial, picks, reason }) => `${writeSerial(serial)};${choicesOf(picks)};${reason}`),
    '',
  ].join('\n')

/** The sheet of a line of that table. */
export const atLine = (sheets: Keyed[], line: number): Keyed | undefined => sheets[line - 2]
