import { queryOptions } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { createContext, use } from 'react'
import { ask, box, office, type Schemas } from '@/lib/api'
import type { Text } from '@/ui/text'
import type { Round } from '@/data/round'
import type { Basket, Entry } from './basket'
import type { Box } from './cast'
import type { Manifest, ManifestArea, ManifestConflict, ManifestPaper } from '@/receipt/crypto/manifest'

/** A project as the voter sees it: what counts is from the manifest, the rest from the office. */
export interface BallotProject {
  number: number
  area: string
  title: Text
  /** Reserved cost in euro cents. */
  cost: number
  withdrawn: boolean
  proposal?: number
  image?: Schemas['Image']
  /** What the cost is made of, if the office says the same sum as the manifest. */
  parts?: Schemas['Cost']
  description?: Text
  theme?: string
  place?: Text
  /** With which others it cannot be carried out together, and why. */
  conflicts: ManifestConflict[]
}

/** Everything that the steps of voting share. */
export interface Voting {
  round: Round
  manifest: Manifest
  /** In the order that the office drew for today. */
  projects: BallotProject[]
  basket: Basket
  change: (paper: string, change: (entry: Entry) => Entry) => void
  /** Address of a step: at('review') → /fi/rounds/omastadi/vote/review. */
  at: (step: string) => string
}

export const VotingContext = createContext<Voting | undefined>(undefined)

export function useVoting(): Voting {
  const voting = use(VotingContext)
  if (!voting) throw new Error('not inside a vote')
  return voting
}

/** All projects of the round at once: asking for one area would tell the office where the voter looks. */
export const ballotQuery = (round: string) =>
  queryOptions({
    queryKey: keys.ballot(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/projects', { params: { path: { round } } })),
    staleTime: 300_000,
  })

/** The manifest's projects with the office's words about them. One that only the office knows is not on the ballot. */
export function ballotProjects(manifest: Manifest, told: Schemas['Project'][]): BallotProject[] {
  const rank = new Map(told.map(({ number }, index) => [number, index]))
  const words = new Map(told.map((project) => [project.number, project]))
  return manifest.projects
    .map((project) => {
      const more = words.get(project.number)
      const conflicts = manifest.conflicts
        .filter(({ projects }) => projects.includes(project.number))
        .map(({ projects, reason }) => ({ projects: projects.filter((number) => number !== project.number), reason }))
      return {
        ...project,
        withdrawn: more?.withdrawn ?? false,
        proposal: more?.proposal,
        image: more?.image,
        parts: more?.reserved_cost === project.cost ? more.cost : undefined,
        description: more?.description,
        theme: more?.theme,
        place: more?.place,
        conflicts,
      }
    })
    .sort((a, b) => (rank.get(a.number) ?? Infinity) - (rank.get(b.number) ?? Infinity) || a.number - b.number)
}

/** The project for which one came here from its own page. */
export const arrivedFor = (state: unknown): number | undefined =>
  typeof state === 'object' && state !== null && 'project' in state && typeof state.project === 'number'
    ? state.project
    : undefined

export const areasOf = (manifest: Manifest, paper: ManifestPaper): ManifestArea[] =>
  paper.areas.flatMap((id) => manifest.areas.filter((area) => area.id === id))

/** Where filling in a paper begins: its areas, unless there is only one. */
export const firstStep = (paper: ManifestPaper): string =>
  paper.areas.length > 1 ? `paper/${paper.id}` : `paper/${paper.id}/projects`

/** The step after a paper's projects: the next paper, or the review. */
export function nextStep(manifest: Manifest, paper: ManifestPaper): string {
  const next = manifest.papers[manifest.papers.findIndex(({ id }) => id === paper.id) + 1]
  return next ? firstStep(next) : 'review'
}

/** The step before a paper's areas, or before its projects if it has no choice of area. */
export function previousStep(manifest: Manifest, paper: ManifestPaper): string | undefined {
  const previous = manifest.papers[manifest.papers.findIndex(({ id }) => id === paper.id) - 1]
  return previous && `paper/${previous.id}/projects`
}

/** The area that a postal code suggests, if the code is one and belongs to an area of the paper. */
export function suggested(
  round: Pick<Round, 'settings'>,
  paper: Pick<ManifestPaper, 'areas'>,
  postalCode: string,
): string | undefined {
  const code = postalCode.trim()
  return round.settings.areas.find(({ id, postal_codes }) => paper.areas.includes(id) && postal_codes.includes(code))
    ?.id
}

/** The box, asked without cookie or referrer (lib/api.ts). */
export const boxFor = (round: string): Box => ({
  cast: async (body) =>
    (
      await ask(
        box.POST('/box/v1/rounds/{round}/ballots', {
          params: { path: { round } },
          body,
          signal: AbortSignal.timeout(30_000),
        }),
      )
    ).promise,
})

export const pause = (seconds: number) => new Promise<void>((wake) => setTimeout(wake, seconds * 1000))
