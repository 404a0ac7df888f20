import type { SettingsShape } from '@/data/office'
import type { FormState } from '@/ui/form/useForm'
import type { Unreadable } from '@/ui/read/useUnread'

/** What a part of the settings' form is given. */
export interface Editing {
  settings: SettingsShape
  onChange: (settings: SettingsShape) => void
  form: FormState
}

/** The settings as another round begins with them: groups of projects that exclude each other stay with the projects. */
export const forAnother = (settings: SettingsShape): SettingsShape => ({
  ...settings,
  rule: { ...settings.rule, exclusive: undefined },
  areas: settings.areas.map((area) => (area.rule ? { ...area, rule: { ...area.rule, exclusive: undefined } } : area)),
})

/**
 * Divides whole euros among weights by largest remainder, the earlier one first where remainders are equal: what the
 * server does with a total (domain/round/split.go), so that the form can show it while one types.
 */
export function split(euros: number, weights: number[]): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0)
  if (sum <= 0) return weights.map(() => 0)
  const exact = weights.map((weight) => BigInt(euros) * BigInt(weight))
  const pots = exact.map((share) => Number(share / BigInt(sum)))
  const remainders = exact.map((share, index) => ({ rest: Number(share % BigInt(sum)), index }))
  remainders.sort((a, b) => b.rest - a.rest || a.index - b.index)
  const left = euros - pots.reduce((all, pot) => all + pot, 0)
  for (const { index } of remainders.slice(0, left)) pots[index] = (pots[index] ?? 0) + 1
  return pots
}

/** The pots in cents that a total gives: citywide areas share one fifth equally, the others the rest by population. */
export function allot(areas: SettingsShape['areas'], totalCents: number): number[] {
  if (Number.isNaN(totalCents) || areas.some(({ citywide, population }) => !citywide && Number.isNaN(population)))
    return areas.map(() => NaN)
  const euros = Math.floor(totalCents / 100)
  const wide = areas.filter(({ citywide }) => citywide).length
  const forWide = wide === areas.length ? euros : wide > 0 ? Math.floor(euros / 5) : 0
  const widePots = split(
    forWide,
    Array.from({ length: wide }, () => 1),
  )
  const local = split(
    euros - forWide,
    areas.filter(({ citywide }) => !citywide).map(({ population }) => population),
  )
  return areas.map(({ citywide }) => ((citywide ? widePots : local).shift() ?? 0) * 100)
}

/** What is written in the settings and cannot be read. Where a total is given, pots and not populations are of no account. */
export function unreadable({
  areas,
  papers,
  rule,
  eligibility,
  openings_from,
  sealing,
  total,
}: SettingsShape): Unreadable[] {
  const found: Unreadable[] = []
  const read = (field: string, value: number | undefined, why: Unreadable['why'] = 'number') => {
    if (Number.isNaN(value)) found.push({ field, why })
  }
  const codes = (field: string, words: string[], code: RegExp, why: Unreadable['why']) => {
    const word = words.find((one) => !code.test(one))
    if (word !== undefined) found.push({ field, why, word })
  }
  read('total', total, 'euros')
  areas.forEach((area, index) => {
    const at = `settings.areas[${String(index)}]`
    if (total === undefined) read(`${at}.pot`, area.pot, 'amount')
    else if (!area.citywide) read(`areas[${String(index)}].population`, area.population)
    codes(`${at}.postal_codes`, area.postal_codes, /^\d{5}$/, 'postal_code')
    read(`${at}.rule.threshold`, area.rule?.threshold)
  })
  papers.forEach(({ form }, index) => {
    read(`settings.papers[${String(index)}].form.min`, form.min)
    read(`settings.papers[${String(index)}].form.max`, form.max)
    read(`settings.papers[${String(index)}].form.points`, form.points)
    read(`settings.papers[${String(index)}].form.points_each`, form.points_each)
  })
  read('settings.rule.threshold', rule.threshold)
  read('settings.openings_from', openings_from)
  read('settings.sealing.trustees', sealing?.trustees)
  read('settings.sealing.needed', sealing?.needed)
  read('settings.eligibility.age', eligibility.age)
  codes('settings.eligibility.municipalities', eligibility.municipalities, /^\d{3}$/, 'municipality')
  return found
}

/** What is sent: where a total is given, it makes the pots, and an unwritten one does not matter; likewise a population. */
export const settled = (settings: SettingsShape): SettingsShape =>
  settings.total === undefined
    ? { ...settings, areas: settings.areas.map((area) => ({ ...area, population: area.population || 0 })) }
    : {
        ...settings,
        areas: settings.areas.map((area) => ({ ...area, pot: area.pot || 0, population: area.population || 0 })),
      }

/** One more area, on the last paper; an area that no paper has could never be voted for. Its pot waits to be written. */
export function addArea(settings: SettingsShape): SettingsShape {
  const { areas, papers } = settings
  let number = areas.length + 1
  while (areas.some(({ id }) => id === `area-${String(number)}`)) number++
  const id = `area-${String(number)}`
  return {
    ...settings,
    areas: [...areas, { id, name: { fi: '' }, pot: NaN, population: 0, citywide: false, postal_codes: [] }],
    papers: papers.map((paper, index) =>
      index === papers.length - 1 ? { ...paper, areas: [...paper.areas, id] } : paper,
    ),
  }
}

/** An area's change; its papers follow when its address changes. */
export function changeArea(
  settings: SettingsShape,
  index: number,
  part: Partial<SettingsShape['areas'][number]>,
): SettingsShape {
  const old = settings.areas[index]?.id
  const { id } = part
  return {
    ...settings,
    areas: settings.areas.map((area, at) => (at === index ? { ...area, ...part } : area)),
    papers:
      id === undefined
        ? settings.papers
        : settings.papers.map((paper) => ({ ...paper, areas: paper.areas.map((area) => (area === old ? id : area)) })),
  }
}

/** The area's leaving, from the papers too. */
export function removeArea(settings: SettingsShape, index: number): SettingsShape {
  const old = settings.areas[index]?.id
  return {
    ...settings,
    areas: settings.areas.filter((_, at) => at !== index),
    papers: settings.papers.map((paper) => ({ ...paper, areas: paper.areas.filter((area) => area !== old) })),
  }
}

/** An address made of a name: lower-case letters, digits and hyphens. */
export function slug(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
}

export const forms = ['approval', 'knapsack', 'points', 'ranking'] as const

type Form = SettingsShape['papers'][number]['form']

/** A form made another kind; points begin with ten, any number of them for one project. */
export const ofKind = ({ min, max, blank }: Form, kind: Form['kind']): Form => ({
  kind,
  min,
  max,
  blank,
  ...(kind === 'points' && { max: 10, points: 10, points_each: 10, points_all: false }),
})

export const rules = [
  'greedy',
  'greedy-density',
  'greedy-no-skip',
  'greedy-threshold',
  'equal-shares',
  'phragmen',
] as const
export const utilities = ['cost', 'cardinality', 'points', 'rank', 'borda'] as const
export const comparisons = ['none', 'satisfaction', 'exclusion-ratio'] as const
export const completions = [
  'none',
  'utilitarian',
  'add1',
  'add1int',
  'add1int-utilitarian',
  'add1int-noex',
  'pct1',
] as const
