import { describe, expect, it } from 'vitest'
import type { SettingsShape } from '@/data/office'
import { addArea, allot, changeArea, removeArea, settled, slug, split, unreadable } from './settings'

it('splits by largest remainder, exactly', () => {
  expect(split(100, [3, 3, 1])).toEqual([43, 43, 14])
  expect(split(2, [1, 1, 1])).toEqual([1, 1, 0])
  expect(split(10_000_000, [127_000, 113_000, 95_000]).reduce((a, b) => a + b, 0)).toBe(10_000_000)
  expect(split(5, [0, 0])).toEqual([0, 0])
})

it('gives a fifth to the whole city', () => {
  const area = (id: string, population: number, citywide = false) => ({
    id,
    name: { fi: id },
    pot: 0,
    population,
    citywide,
    postal_codes: [],
  })
  expect(allot([area('a', 1), area('b', 3), area('city', 0, true)], 100_000)).toEqual([20_000, 60_000, 20_000])
})

it('makes addresses', () => {
  expect(slug('OmaStadi 2027 – Itäinen')).toBe('omastadi-2027-itainen')
  expect(slug('!')).toBe('')
})

describe('areas and the papers they are on', () => {
  const area = (id: string) => ({ id, name: { fi: id }, pot: 0, population: 0, citywide: false, postal_codes: [] })
  const paper = (id: string, areas: string[]) => ({
    id,
    name: { fi: id },
    areas,
    form: { kind: 'approval' as const, min: 1, max: 5, blank: false },
  })
  const settings: SettingsShape = {
    areas: [area('north'), area('area-3')],
    papers: [paper('first', ['north']), paper('last', ['area-3'])],
    rule: { rule: 'greedy' },
    eligibility: { age: 13, moment: 'voting', municipalities: [] },
    reserve_maintenance: true,
    final_ballots: true,
    openings_from: 100,
    themes: [],
  }
  const onPapers = ({ papers }: SettingsShape) => papers.map(({ areas }) => areas)

  it('puts a new one on the last paper, under an address of its own', () => {
    const more = addArea(settings)
    expect(more.areas.map(({ id }) => id)).toEqual(['north', 'area-3', 'area-4'])
    expect(onPapers(more)).toEqual([['north'], ['area-3', 'area-4']])
  })

  it('keeps one on its paper when its address changes', () => {
    expect(onPapers(changeArea(settings, 0, { id: 'n' }))).toEqual([['n'], ['area-3']])
    expect(onPapers(changeArea(settings, 0, { pot: 5 }))).toEqual(onPapers(settings))
  })

  it('takes one off its paper when it goes', () => {
    const less = removeArea(settings, 1)
    expect(less.areas.map(({ id }) => id)).toEqual(['north'])
    expect(onPapers(less)).toEqual([['north'], []])
  })

  it('never takes an amount that nobody wrote for none', () => {
    const more = addArea(settings)
    expect(unreadable(settings)).toEqual([])
    expect(unreadable(more)).toEqual([{ field: 'settings.areas[2].pot', why: 'amount' }])
    expect(unreadable({ ...more, total: NaN })).toEqual([{ field: 'total', why: 'euros' }])
    expect(unreadable({ ...more, total: 100 })).toEqual([])
    expect(settled({ ...more, total: 100 }).areas.map(({ pot }) => pot)).toEqual([0, 0, 0])
    expect(allot(more.areas, NaN)).toEqual([NaN, NaN, NaN])
  })

  it('tells of every number and code that cannot be read, at its field', () => {
    const [north, area3] = settings.areas
    const [first, last] = settings.papers
    if (!north || !area3 || !first || !last) throw new Error('the settings above have two of each')
    const odd: SettingsShape = {
      ...settings,
      areas: [
        { ...north, population: NaN, rule: { rule: 'greedy-threshold', threshold: NaN } },
        { ...area3, postal_codes: ['00100', '0010000120', 'x'] },
      ],
      papers: [first, { ...last, form: { ...last.form, min: NaN, max: NaN } }],
      rule: { rule: 'greedy-threshold', threshold: NaN },
      eligibility: { age: NaN, moment: 'voting', municipalities: ['091049'] },
      openings_from: NaN,
    }
    const found = [
      { field: 'settings.areas[0].rule.threshold', why: 'number' },
      { field: 'settings.areas[1].postal_codes', why: 'postal_code', word: '0010000120' },
      { field: 'settings.papers[1].form.min', why: 'number' },
      { field: 'settings.papers[1].form.max', why: 'number' },
      { field: 'settings.rule.threshold', why: 'number' },
      { field: 'settings.openings_from', why: 'number' },
      { field: 'settings.eligibility.age', why: 'number' },
      { field: 'settings.eligibility.municipalities', why: 'municipality', word: '091049' },
    ]
    expect(unreadable(odd)).toEqual(found)
    const population = { field: 'areas[0].population', why: 'number' }
    expect(unreadable({ ...odd, total: 100 })).toEqual([population, ...found])
    expect(allot(odd.areas, 100)).toEqual([NaN, NaN])
  })
})
