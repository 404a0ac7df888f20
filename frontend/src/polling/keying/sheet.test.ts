import { describe, expect, it } from 'vitest'
import { faultOfPick, faultOfSheet, isWhole, readPicks, readSerial, toFile, toKeyed, type OnPaper } from './sheet'

const project = (area: string, cost: number) => ({ title: { fi: 'Penkki' }, area, cost, withdrawn: false })

const on = (form: Partial<OnPaper['form']>): OnPaper => ({
  form: { kind: 'approval', min: 1, max: 3, blank: false, ...form },
  projects: new Map([
    [1, project('north', 60)],
    [2, project('north', 50)],
    [3, project('north', 40)],
    [4, project('north', 10)],
    [7, project('south', 10)],
  ]),
  pots: new Map([
    ['north', 100],
    ['south', 100],
  ]),
})
const picks = (...numbers: number[]) => numbers.map((number) => ({ number }))

describe('a serial', () => {
  it.each([
    ['AB12-3CD4', 'AB123CD4'],
    ['ab12 3cd4', 'AB123CD4'],
    ['oilo-0000', '01100000'],
    ['ＡＢ１２３ＣＤ４', 'AB123CD4'],
  ])('%s is read', (typed, serial) => {
    expect(readSerial(typed)).toBe(serial)
  })
  it.each(['', 'AB12-3CD', 'AB12-3CD45', 'AB12-3CDU', 'ÄB12-3CD4'])('%j is none', (typed) => {
    expect(readSerial(typed)).toBeUndefined()
  })
})

describe('numbers', () => {
  it('come together or one by one', () => {
    expect(readPicks('approval', '4 12, 31')).toEqual(picks(4, 12, 31))
    expect(readPicks('ranking', '12 4')).toEqual(picks(12, 4))
    expect(readPicks('points', '12:3')).toEqual([{ number: 12, points: 3 }])
    expect(readPicks('points', '12 3')).toEqual([{ number: 12, points: 3 }])
  })
  it.each(['', 'x', '4 x', '0', '1234567'])('%j are none', (typed) => {
    expect(readPicks('approval', typed)).toBeUndefined()
  })
  it.each(['12', '12:0', '12:3 4:1'])('%j are no points of one project', (typed) => {
    expect(readPicks('points', typed)).toBeUndefined()
  })
})

describe('one more project', () => {
  it.each([
    ['is not on the paper', {}, [], { number: 9 }, 'unknown'],
    ['stands there already', {}, [1, 2], { number: 1 }, 'again'],
    ['is in another area', {}, [1], { number: 7 }, 'several_areas'],
    ['is too many', {}, [1, 2, 3], { number: 4 }, 'above'],
    ['costs too much', { kind: 'knapsack' }, [1], { number: 2 }, 'over_pot'],
    ['fits', { kind: 'knapsack' }, [1], { number: 3 }, undefined],
    ['is as dear as it likes', {}, [1], { number: 2 }, undefined],
    ['has too many points', { kind: 'points', points: 5, points_each: 3 }, [], { number: 1, points: 4 }, 'points_each'],
  ] as const)('%s', (_, form, before, next, fault) => {
    expect(faultOfPick(on(form), picks(...before), next)).toBe(fault)
  })
  it('has more points than are left', () => {
    const form = { kind: 'points', points: 5, points_each: 3 } as const
    expect(faultOfPick(on(form), [{ number: 1, points: 3 }], { number: 2, points: 3 })).toBe('points_above')
  })
})

describe('a sheet', () => {
  it('says why it names nothing', () => {
    expect(faultOfSheet(on({}), { serial: 'x', picks: [], reason: '' })).toBe('empty')
    expect(faultOfSheet(on({}), { serial: 'x', picks: [], reason: 'blank' })).toBeUndefined()
  })
  it('names enough, and gives all points', () => {
    expect(faultOfSheet(on({ min: 2 }), { serial: 'x', picks: picks(1), reason: '' })).toBe('below')
    const all = { kind: 'points', points: 5, points_each: 3, points_all: true } as const
    expect(faultOfSheet(on(all), { serial: 'x', picks: [{ number: 1, points: 3 }], reason: '' })).toBe('points_left')
  })
  it('is written as the box tells of it', () => {
    const sheets = [
      {
        serial: 'AB123CD4',
        picks: [
          { number: 12, points: 3 },
          { number: 4, points: 1 },
        ],
        reason: '',
      },
      { serial: 'AB123CD5', picks: [], reason: 'too_many' },
    ]
    expect(toFile(sheets)).toBe('serial;numbers;reason\nAB12-3CD4;12:3 4:1;\nAB12-3CD5;;too_many\n')
    expect(toKeyed('AB123CD4', { choices: '12:3 4:1', reason: '' })).toEqual(sheets[0])
    expect(toKeyed('AB123CD5', { choices: '', reason: 'too_many' })).toEqual(sheets[1])
  })
})

describe('a number', () => {
  const of = (numbers: number[], form: Partial<OnPaper['form']> = {}) => ({
    ...on(form),
    projects: new Map(numbers.map((number) => [number, project('north', 10)])),
  })
  it.each([
    ['101', of([7, 101]), true],
    [' 101', of([7, 101]), true],
    ['999', of([7, 101]), true], // and on no paper
    ['10', of([7, 101]), false],
    ['1 1', of([7, 101]), false],
    ['7', of([7, 101]), false],
    ['7', of([7, 9]), false], // 79 might be one number
    ['101', of([7, 101], { kind: 'points' }), false],
  ])('%j may be whole', (typed, paper, whole) => {
    expect(isWhole(paper, typed)).toBe(whole)
  })
})
