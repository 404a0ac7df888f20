import { describe, expect, it } from 'vitest'
import type { ProjectResult, Reason } from '@/data/results'
import { stepsOf, whyOf, winOf } from './sentence'

const project = (more: Partial<ProjectResult>): ProjectResult => ({
  project: 1,
  title: { fi: 'Penkki' },
  votes: 10,
  cost: 40_00,
  selected: false,
  left_before: 100_00,
  ...more,
})
const reason = (more: Partial<Reason>): Reason => ({ project: 1, status: 'does not fit', ...more })

describe('whyOf', () => {
  it.each<[string, ProjectResult, Reason | undefined, string]>([
    ['fitted the money', project({ selected: true }), undefined, 'why.fitted'],
    ['was bought by its supporters', project({ selected: true }), reason({ price: 50, paid: 8 }), 'why.paid'],
    ['was built though nobody asked for it', project({ selected: true, votes: 0 }), undefined, 'why.unasked'],
    ['did not fit', project({ missing: 5_00, left_before: 35_00 }), undefined, 'why.missing'],
    ['was withdrawn', project({ withdrawn: true, missing: 5_00 }), undefined, 'why.withdrawn'],
    ['conflicted', project({ conflict: 7 }), undefined, 'why.conflict'],
    ['had no votes', project({ votes: 0, missing: 5_00 }), undefined, 'why.no_votes'],
    [
      'had poor supporters',
      project({}),
      reason({ status: 'unaffordable', lack: 'supporters', missing: 9 }),
      'why.supporters',
    ],
    ['came after the stop', project({}), reason({ status: 'after the stop' }), 'why.stopped'],
    ['had too few votes', project({}), reason({ status: 'below the threshold' }), 'why.few'],
    ['is withheld', project({ left_before: 0 }), undefined, 'why.rule'],
  ])('tells of one that %s', (_, one, because, key) => {
    expect(whyOf(one, because).key).toBe(key)
  })
})

describe('winOf', () => {
  it('tells what is known, and whether less would have done', () => {
    expect(winOf()).toBeUndefined()
    expect(winOf(reason({ votes_least: false, cost_least: true }))).toBeUndefined()
    expect(winOf(reason({ votes_least: true, cost_least: true }))).toEqual({ key: 'win.never', exact: true })
    expect(winOf(reason({ votes_more: 3, votes_least: true, cost_at_most: 20_00, cost_least: false }))).toEqual({
      key: 'win.both',
      count: 3,
      cost: 20_00,
      exact: false,
    })
    expect(winOf(reason({ cost_at_most: 20_00, cost_least: true }))).toEqual({
      key: 'win.cost',
      cost: 20_00,
      exact: true,
    })
  })

  it('tells points where points are counted, which are exact by themselves', () => {
    expect(winOf(reason({ points_more: 4, votes_least: false, cost_least: false }))).toEqual({
      key: 'win.points',
      count: 4,
      exact: true,
    })
    expect(winOf(reason({ points_more: 4, votes_least: false, cost_at_most: 20_00, cost_least: false }))).toEqual({
      key: 'win.both_points',
      count: 4,
      cost: 20_00,
      exact: false,
    })
  })
})

describe('stepsOf', () => {
  const walked = [
    project({ project: 1, selected: true, cost: 60_00, left_before: 100_00 }),
    project({ project: 2, cost: 50_00, left_before: 40_00, missing: 10_00 }),
    project({ project: 3, withdrawn: true }),
    project({ project: 4, selected: true, cost: 40_00, left_before: 40_00 }),
    project({ project: 5, votes: 0 }),
  ]

  it('goes through what had its turn, and ends with what is left', () => {
    expect(
      stepsOf(walked, 'greedy-threshold').map(({ project: { project }, after, funded }) => [project, after, funded]),
    ).toEqual([
      [1, 40_00, 1],
      [2, 40_00, 1],
      [4, 0, 2],
    ])
  })

  it('has no steps of a rule that does not walk', () => {
    expect(stepsOf(walked, 'equal-shares')).toEqual([])
  })
})
