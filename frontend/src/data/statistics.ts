import { queryOptions } from '@tanstack/react-query'
import { keys } from './keys'
import { ask, office, type Schemas } from '@/lib/api'

export type Statistics = Schemas['Statistics']
export type TurnoutTable = Schemas['TurnoutTable']
export type AreaCost = Schemas['AreaCost']
export type PaperTurnout = Schemas['TurnoutOfPaper']

/** What a round's numbers are after the close; they hardly change any more. */
export const statisticsQuery = (round: string) =>
  queryOptions({
    queryKey: keys.statistics(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/statistics', { params: { path: { round } } })),
    staleTime: 60_000,
  })

export const used = ({ online, assisted, on_paper }: Pick<PaperTurnout, 'online' | 'assisted' | 'on_paper'>) =>
  online + assisted + on_paper

/** One row of a turnout table: how many voted, of how many; undefined where that is not told. */
export interface TurnoutRow {
  key: string
  unknown: boolean
  used: number | undefined
  rights: number | undefined
}

/** The rows in which there is anybody; where used and unused are counted together nothing is told but how many there are. */
export function turnoutRows({ columns, rows }: TurnoutTable): TurnoutRow[] {
  const at = columns.findIndex((names) => names.length === 1 && names[0] === 'used')
  return rows
    .filter(({ total }) => total.number !== 0)
    .map(({ key, unknown, cells, total }) => ({ key, unknown, used: cells[at]?.number, rights: total.number }))
}

/** A band of ages by where it begins: "0" and the next band at 18 are [undefined, 17]. */
export function bandOf(rows: { key: string }[], key: string): [number | undefined, number | undefined] {
  const begins = rows.map((row) => Number(row.key)).filter((age) => !Number.isNaN(age))
  const next = begins.find((age) => age > Number(key))
  return [key === '0' ? undefined : Number(key), next === undefined ? undefined : next - 1]
}

/** What all areas' projects cost together. */
export function costOfAll(costs: AreaCost[]): Omit<AreaCost, 'area'> {
  const sum = (of: 'all' | 'done') =>
    costs.reduce(
      (all, cost) => ({
        projects: all.projects + cost[of].projects,
        estimate: all.estimate + cost[of].estimate,
        actual: all.actual + cost[of].actual,
      }),
      { projects: 0, estimate: 0, actual: 0 },
    )
  return { all: sum('all'), done: sum('done'), cancelled: costs.reduce((n, cost) => n + cost.cancelled, 0) }
}
