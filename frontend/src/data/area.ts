import { queryOptions } from '@tanstack/react-query'
import { keys } from './keys'
import { ask, office, type Schemas } from '@/lib/api'

export type AreaStory = Schemas['AreaStory']
export type AreaRound = Schemas['AreaRound']

/** An area over all rounds that are no rehearsals, or in one round. */
export const areaQuery = (area: string, round?: string) =>
  queryOptions({
    queryKey: keys.area(area, round),
    queryFn: () => ask(office.GET('/api/v1/areas/{area}', { params: { path: { area }, query: { round } } })),
  })

/** What all rounds together gave the area, and what was paid of it; of rounds held elsewhere only the first is known. */
export function sumsOf(rounds: AreaRound[]): {
  pots: number
  paid: number
  projects: number
  done: number
  late: number
} {
  const sum = (of: (round: AreaRound) => number) => rounds.reduce((all, round) => all + of(round), 0)
  return {
    pots: sum(({ pot }) => pot),
    paid: sum(({ balances }) => (balances ? balances.spent + balances.maintenance : 0)),
    projects: sum(({ projects }) => projects.all),
    done: sum(({ projects }) => projects.done),
    late: sum(({ projects }) => projects.late),
  }
}

/** Whether the round's projects are known by now. */
export const isBuilding = ({ phase }: AreaRound) => phase === 'delivering' || phase === 'archived'
