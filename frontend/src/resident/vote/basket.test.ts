// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import {
  areaOf,
  filled,
  give,
  obstacle,
  picksOf,
  place,
  readBasket,
  stateOf,
  toggle,
  withProject,
  type Entry,
} from './basket'
import { most } from './points/limit'
import { arrivedFor, nextStep, ballotProjects, previousStep, firstStep, suggested } from './voting'
import type { Form, Manifest, ManifestPaper } from '@/receipt/crypto/manifest'
import { keyOf } from '@/receipt/store'

const approval: Form = { kind: 'approval', min: 1, max: 2, blank: false }
const knapsack: Form = { kind: 'knapsack', min: 1, max: 1000, blank: true }
const paper = (id: string, areas: string[], form: Form): ManifestPaper => ({
  id,
  name: { fi: id },
  areas,
  form,
  issuer: new Uint8Array(),
  issuerId: '',
})
const district = paper('district', ['north', 'south'], approval)
const city = paper('city', ['all'], knapsack)
const manifest: Manifest = {
  round: 'r',
  name: { fi: 'Kierros' },
  rehearsal: false,
  areas: ['north', 'south', 'all'].map((id) => ({ id, name: { fi: id }, pot: 100 })),
  papers: [district, city],
  conflicts: [],
  projects: [
    { number: 1, area: 'north', title: { fi: 'A' }, cost: 60 },
    { number: 2, area: 'north', title: { fi: 'B' }, cost: 60 },
    { number: 3, area: 'north', title: { fi: 'C' }, cost: 60 },
    { number: 4, area: 'all', title: { fi: 'D' }, cost: 60 },
    { number: 5, area: 'all', title: { fi: 'E' }, cost: 41 },
    { number: 6, area: 'all', title: { fi: 'F' }, cost: 40 },
  ],
  logKey: 'osbu/r+00000000+AAAA',
  digest: '',
  checkCode: '',
  witnesses: [],
  log: { name: 'osbu/r', id: new Uint8Array(), key: new Uint8Array() },
}
const north = (...picks: number[]): Entry => ({ area: 'north', picks: { north: picks } })
const all = (...picks: number[]): Entry => ({ picks: { all: picks } })

describe('how far a paper is filled in', () => {
  it.each<[string, ManifestPaper, Entry, string]>([
    ['no area yet', district, { picks: {} }, 'untouched'],
    ['an area of another paper', district, { area: 'all', picks: { all: [4] } }, 'untouched'],
    ['no picks', district, north(), 'under_min'],
    ['picks of another area only', district, { area: 'south', picks: { north: [1] } }, 'under_min'],
    ['a project that is not on the ballot', district, north(99), 'under_min'],
    ['as many as allowed', district, north(1, 2), 'ready'],
    ['one too many', district, north(1, 2, 3), 'over_max'],
    ['blank where that is not possible', district, { ...north(), blank: true }, 'under_min'],
    ['blank', city, { ...all(), blank: true }, 'ready'],
    ['picks that cost exactly the pot', city, all(4, 6), 'ready'],
    ['picks that cost one cent more', city, all(4, 5), 'over_pot'],
    ['skipped', city, { ...all(4), skipped: true }, 'skipped'],
  ])('%s', (_, which, entry, state) => {
    expect(stateOf(manifest, which, entry)).toBe(state)
  })

  it('makes ballots of what is ready, in ascending order and of the ballot’s projects only', () => {
    const ballots = filled(manifest, { district: north(2, 99, 1), city: all(4, 5) })
    expect(ballots.map(({ paper, area, choices }) => [paper.id, area, choices])).toEqual([
      ['district', 'north', [1, 2]],
    ])
  })
})

describe('adding a project', () => {
  it('is possible until the most picks, and a knapsack until the pot', () => {
    expect(obstacle(approval, 1, 60, 100, 60)).toBeUndefined()
    expect(obstacle(approval, 2, 0, 100, 1)).toBe('full')
    expect(obstacle(knapsack, 1, 60, 100, 40)).toBeUndefined()
    expect(obstacle(knapsack, 1, 60, 100, 41)).toBe('over_pot')
  })

  it('keeps what was picked in other areas, and takes blank and skipped back', () => {
    const entry: Entry = { area: 'south', picks: { north: [1] }, blank: true, skipped: true }
    const once = toggle(district, entry, 7)
    expect(once).toEqual({ area: 'south', picks: { north: [1], south: [7] } })
    expect(toggle(district, once, 7)).toEqual({ area: 'south', picks: { north: [1], south: [] } })
    expect(picksOf(district, { ...once, area: 'north' })).toEqual([1])
  })

  it('needs no choice where a paper has one area', () => {
    expect(areaOf(city, { picks: {} })).toBe('all')
    expect(areaOf(district, { picks: {} })).toBeUndefined()
    expect(toggle(city, { picks: {} }, 4)).toEqual({ area: 'all', picks: { all: [4] } })
  })
})

it.each(['', 'null', '[]', '{"district":1}', '{"district":{"picks":{"north":["1"]}}}', '{'])(
  'a basket that reads %j is an empty one',
  (text) => {
    localStorage.setItem(keyOf('r', 'basket'), text)
    expect(readBasket('r')).toEqual({})
  },
)

describe('the way through several papers', () => {
  it('skips the choice of area where there is none, and ends at the review', () => {
    expect([firstStep(district), firstStep(city)]).toEqual(['paper/district', 'paper/city/projects'])
    expect([nextStep(manifest, district), nextStep(manifest, city)]).toEqual(['paper/city/projects', 'review'])
    expect([previousStep(manifest, district), previousStep(manifest, city)]).toEqual([
      undefined,
      'paper/district/projects',
    ])
  })
})

describe('the projects on the ballot', () => {
  const told = (number: number, area: string, cost: number) => ({
    number,
    area,
    title: { fi: 'Toinen nimi' },
    description: { fi: 'Kuvaus' },
    theme: 'parks',
    withdrawn: number === 1,
    cost: { minimum: 1, maximum: 1, maintenance: 0 },
    reserved_cost: cost,
  })

  it('come in the office’s order, with title, area and cost from the manifest', () => {
    const projects = ballotProjects(manifest, [told(3, 'south', 1), told(99, 'north', 1), told(1, 'north', 1)])
    expect(projects.map(({ number }) => number)).toEqual([3, 1, 2, 4, 5, 6])
    expect(projects[0]).toMatchObject({
      area: 'north',
      title: { fi: 'C' },
      cost: 60,
      description: { fi: 'Kuvaus' },
      withdrawn: false,
    })
    expect(projects[1]?.withdrawn).toBe(true)
  })

  it('are suggested by postal code for areas of the paper only', () => {
    const area = (id: string, ...postal_codes: string[]) => ({
      id,
      name: { fi: id },
      pot: 1,
      population: 1,
      citywide: false,
      postal_codes,
    })
    const round = { settings: { areas: [area('north', '00640'), area('all', '00100')] } } as Parameters<
      typeof suggested
    >[0]
    expect(suggested(round, district, ' 00640 ')).toBe('north')
    expect(suggested(round, district, '00100')).toBeUndefined()
    expect(suggested(round, district, '')).toBeUndefined()
  })
})

describe('coming from a project’s own page', () => {
  it('picks it in its area, loses no pick of another, and leaves the rest as it is where it does not fit', () => {
    expect(withProject(manifest, district, { picks: { south: [9] }, skipped: true }, 2)).toEqual({
      area: 'north',
      picks: { south: [9], north: [2] },
    })
    expect(withProject(manifest, district, north(2), 2)).toEqual(north(2))
    expect(withProject(manifest, district, north(1, 2), 3)).toEqual(north(1, 2))
    expect(withProject(manifest, city, all(4), 5).picks).toEqual({ all: [4] })
    expect(withProject(manifest, city, all(4), 6).picks).toEqual({ all: [4, 6] })
    expect(withProject(manifest, city, all(4), 99)).toEqual(all(4))
  })

  it('is read from what the link brings along, and from nothing else', () => {
    expect(arrivedFor({ project: 7 })).toBe(7)
    expect([null, undefined, { cast: [] }, { project: '7' }].map(arrivedFor)).toEqual(Array(4).fill(undefined))
  })
})

const pointed = paper('pointed', ['north'], {
  kind: 'points',
  min: 2,
  max: 2,
  blank: true,
  points: 10,
  points_each: 6,
  points_all: true,
})
const ranked = paper('ranked', ['north'], { kind: 'ranking', min: 1, max: 3, blank: false })

describe('a paper of points', () => {
  const given = (points: Record<number, number>): Entry =>
    Object.entries(points).reduce<Entry>((entry, [number, n]) => give(pointed, entry, Number(number), n), { picks: {} })

  it.each<[string, Entry, string]>([
    ['no points', given({}), 'under_min'],
    ['blank', { ...given({}), blank: true }, 'ready'],
    ['one project', given({ 1: 6 }), 'under_min'],
    ['all points', given({ 1: 6, 2: 4 }), 'ready'],
    ['one left', given({ 1: 5, 2: 4 }), 'under_points'],
    ['one too many', given({ 1: 6, 2: 5 }), 'over_points'],
    ['too many for one', given({ 1: 7, 2: 3 }), 'over_points'],
    ['one project too many', given({ 1: 6, 2: 3, 3: 1 }), 'over_max'],
    ['points taken back', given({ 1: 6, 2: 4, 3: 0 }), 'ready'],
    ['a pick without points', { picks: { north: [1, 2] }, points: { 1: 6 } }, 'over_points'],
  ])('%s', (_, entry, state) => {
    expect(stateOf({ ...manifest, papers: [pointed] }, pointed, entry)).toBe(state)
  })

  it('is cast with the points of each project, by number', () => {
    const basket = { pointed: given({ 2: 4, 1: 6 }) }
    expect(filled({ ...manifest, papers: [pointed] }, basket)).toEqual([
      { paper: pointed, area: 'north', kind: 'points', choices: [1, 2], points: [6, 4] },
    ])
  })

  it('says how many a project can have, and why not more', () => {
    expect(most(pointed.form, 0, 10, 0)).toEqual({ points: 6, why: 'each' })
    expect(most(pointed.form, 1, 4, 0)).toEqual({ points: 4, why: 'all_given' })
    expect(most(pointed.form, 2, 4, 0)).toEqual({ points: 0, why: 'full' })
    expect(most(pointed.form, 2, 1, 3)).toEqual({ points: 4, why: 'all_given' })
  })
})

it('gives a point to the project that one came for, where there is one left', () => {
  const entry = give(pointed, { picks: {} }, 1, 6)
  expect(withProject(manifest, pointed, entry, 2)).toEqual(give(pointed, entry, 2, 1))
  const both = give(pointed, entry, 2, 4)
  expect(withProject(manifest, pointed, both, 3)).toEqual(both)
})

describe('a ranking', () => {
  const order = north(3, 1, 2)

  it('moves a project to a place, and the others close up', () => {
    expect(picksOf(ranked, place(ranked, order, 2, 0))).toEqual([2, 3, 1])
    expect(picksOf(ranked, place(ranked, order, 3, 2))).toEqual([1, 2, 3])
    expect(picksOf(ranked, place(ranked, order, 1, 1))).toEqual([3, 1, 2])
  })

  it('is cast in the voter’s order', () => {
    expect(filled({ ...manifest, papers: [ranked] }, { ranked: order })).toEqual([
      { paper: ranked, area: 'north', kind: 'ranking', choices: [3, 1, 2] },
    ])
  })
})
