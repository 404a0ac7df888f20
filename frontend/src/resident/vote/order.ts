import type { BallotProject } from './voting'

/** How the projects can be ordered; the day's order is drawn anew for everybody. */
export const orders = ['day', 'favourite', 'cheapest', 'dearest', 'number'] as const
export type Order = (typeof orders)[number]

/** The projects of the day's order in another; equals stay in the day's. */
export function ordered(projects: BallotProject[], order: Order, favourites: number[]): BallotProject[] {
  if (order === 'day') return projects
  const liked = ({ proposal }: BallotProject) => (proposal !== undefined && favourites.includes(proposal) ? 0 : 1)
  const by = {
    favourite: (a: BallotProject, b: BallotProject) => liked(a) - liked(b),
    cheapest: (a: BallotProject, b: BallotProject) => a.cost - b.cost,
    dearest: (a: BallotProject, b: BallotProject) => b.cost - a.cost,
    number: (a: BallotProject, b: BallotProject) => a.number - b.number,
  }[order]
  return projects.toSorted(by)
}

/** The first sentence of a text, or as much of it as a card has room for. */
export function firstSentence(text: string, lang: string, most = 160): string {
  const [first] = new Intl.Segmenter(lang, { granularity: 'sentence' }).segment(text.trim())
  const sentence = first?.segment.trim() ?? ''
  if (sentence.length <= most) return sentence
  return `${sentence.slice(0, sentence.lastIndexOf(' ', most))}…`
}
