import type { ProjectResult, Reason } from '@/data/results'

/** A sentence of results.*.json and what it fills in; amounts are euro cents still. */
export interface Sentence {
  key:
    | 'why.withdrawn'
    | 'why.conflict'
    | 'why.missing'
    | 'why.no_votes'
    | 'why.rule'
    | 'why.fitted'
    | 'why.unasked'
    | 'why.paid'
    | 'why.supporters'
    | 'why.stopped'
    | 'why.few'
  count?: number
  number?: number
  left?: number
  missing?: number
  price?: number
}

/** Why a project is funded or not, in one sentence. Without a reason, as where ballots are withheld, the totals tell. */
export function whyOf(project: ProjectResult, reason?: Reason): Sentence {
  const { withdrawn, selected, conflict, missing, votes, left_before: left } = project
  if (withdrawn) return { key: 'why.withdrawn' }
  if (selected) {
    if (votes === 0) return { key: 'why.unasked' }
    if (reason?.price !== undefined && reason.paid) return { key: 'why.paid', count: reason.paid, price: reason.price }
    return left > 0 ? { key: 'why.fitted', left } : { key: 'why.rule' }
  }
  if (conflict !== undefined) return { key: 'why.conflict', number: conflict }
  if (votes === 0) return { key: 'why.no_votes' }
  if (missing !== undefined) return { key: 'why.missing', left, missing }
  if (reason?.lack === 'supporters' && reason.missing) return { key: 'why.supporters', missing: reason.missing }
  if (reason?.status === 'after the stop') return { key: 'why.stopped' }
  if (reason?.status === 'below the threshold') return { key: 'why.few' }
  return { key: 'why.rule' }
}

/** What would have made a losing project win. */
export interface Win {
  key: 'win.both' | 'win.votes' | 'win.both_points' | 'win.points' | 'win.cost' | 'win.never'
  /** Voters more, or points. */
  count?: number
  cost?: number
  /** It is proved that no less would have done. */
  exact: boolean
}

export function winOf(reason?: Reason): Win | undefined {
  if (!reason) return undefined
  const { votes_more: count, cost_at_most: cost, votes_least = false, cost_least = false } = reason
  const points = reason.points_more // exact, as they would come from the same ballots
  if (points !== undefined)
    return cost === undefined
      ? { key: 'win.points', count: points, exact: true }
      : { key: 'win.both_points', count: points, cost, exact: cost_least }
  if (count !== undefined && cost !== undefined)
    return { key: 'win.both', count, cost, exact: votes_least && cost_least }
  if (count !== undefined) return { key: 'win.votes', count, exact: votes_least }
  if (cost !== undefined) return { key: 'win.cost', cost, exact: cost_least }
  return votes_least && cost_least ? { key: 'win.never', exact: true } : undefined
}

/** A step of a count that goes through the projects one by one. */
export interface Step {
  project: ProjectResult
  /** Euro cents when its turn came, and after it. */
  before: number
  after: number
  funded: number
}

/** The count as steps, where it went project by project; what never had a turn is left out. */
export function stepsOf(projects: ProjectResult[], rule: string): Step[] {
  // Where votes are withheld, so is the way to the outcome.
  if (!rule.startsWith('greedy') || projects.some(({ votes }) => votes === undefined)) return []
  let funded = 0
  return projects
    .filter(({ withdrawn, selected, missing }) => !withdrawn && (selected || missing !== undefined))
    .map((project) => {
      if (project.selected) funded++
      const before = project.left_before
      return { project, before, after: project.selected ? before - project.cost : before, funded }
    })
}
