import type { Schemas } from '@/lib/api'

type Round = Schemas['Round']
type Found = Pick<Schemas['WarningFound'], 'areas' | 'papers' | 'projects'>

/** What a warning or a blocker is about, by the names that people know: areas and papers by name, projects by number. */
export function placesOf(found: Found, round: Round, local: (text: Schemas['Text']) => string): string[] {
  const name = (id: string, all: { id: string; name: Schemas['Text'] }[]) => {
    const one = all.find((it) => it.id === id)
    return one ? local(one.name) : id
  }
  return [
    ...found.areas.map((id) => name(id, round.settings.areas)),
    ...found.papers.map((id) => name(id, round.settings.papers)),
  ]
}

/** Numbers with runs written short: 1, 2, 3, 7 → "1–3, 7". */
export function runs(numbers: number[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b)
  const found: [number, number][] = []
  for (const number of sorted) {
    const last = found.at(-1)
    if (last && last[1] === number - 1) last[1] = number
    else found.push([number, number])
  }
  return found
    .map(([from, to]) => (from === to ? String(from) : `${String(from)}${to === from + 1 ? ', ' : '–'}${String(to)}`))
    .join(', ')
}
