import type { Schemas } from '@/lib/api'
import { locale, type Lang } from '@/lib/lang'

export type Table = Schemas['EqualityTable']

/** How many of the decided proposals of a row were accepted; undefined where that is not told, or nothing is decided. */
export function acceptedShare(columns: string[][], { cells }: Schemas['EqualityRow']): number | undefined {
  const of = (name: string) => cells[columns.findIndex((names) => names.length === 1 && names[0] === name)]?.number
  const rejected = of('rejected')
  const [selected, not] = [of('selected'), of('not_selected')]
  const accepted = selected === undefined || not === undefined ? of('accepted') : selected + not
  if (accepted === undefined || rejected === undefined || accepted + rejected === 0) return undefined
  return accepted / (accepted + rejected)
}

/** A row's name: the district's, the language's or the channel's. */
export function keyText(
  by: Table['by'],
  key: string,
  lang: Lang,
  areaText: (id: string) => string,
  columnText: (name: string) => string,
): string {
  if (by === 'area') return areaText(key)
  if (by === 'language' && key !== 'other')
    return new Intl.DisplayNames(locale[lang], { type: 'language' }).of(key) ?? key
  return columnText(key)
}
