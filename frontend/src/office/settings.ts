import type { SettingsShape } from '@/data/office'
import type { ErrorOf } from '@/ui/form/useServerErrors'

/** What a part of the settings' form is given. */
export interface Editing {
  settings: SettingsShape
  onChange: (settings: SettingsShape) => void
  errorOf: ErrorOf
}

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
  if (Number.isNaN(totalCents)) return areas.map(() => NaN)
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

/** The paths of the amounts that could not be read, which MoneyField hands on as NaN. */
export function unreadMoney({ areas, total }: SettingsShape): string[] {
  if (total !== undefined) return Number.isNaN(total) ? ['total'] : []
  return areas.flatMap(({ pot }, index) => (Number.isNaN(pot) ? [`settings.areas[${String(index)}].pot`] : []))
}

/** What is sent: where a total is given, it makes the pots, and an unwritten one of a new area does not matter. */
export const settled = (settings: SettingsShape): SettingsShape =>
  settings.total === undefined
    ? settings
    : { ...settings, areas: settings.areas.map((area) => ({ ...area, pot: Number.isNaN(area.pot) ? 0 : area.pot })) }

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

export const rules = [
  'greedy',
  'greedy-density',
  'greedy-no-skip',
  'greedy-threshold',
  'equal-shares',
  'phragmen',
] as const
export const utilities = ['cost', 'cardinality'] as const
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
