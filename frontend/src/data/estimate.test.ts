import { describe, expect, it } from 'vitest'
import { differences, draftOf, estimateOf, wrongOf, type Draft, type Estimate } from './estimate'

const blank = draftOf(undefined, 'environment')
const buildable: Draft = {
  ...blank,
  competence: 'city',
  feasibility: 'feasible',
  minimum: '10 000 €',
  maximum: '12000',
  maintenance: '0',
}
const classes = [{ id: 'b', minimum: 1_000_000, maximum: 5_000_000 }]

describe('what a draft lacks', () => {
  it.each<[string, Draft, boolean, object]>([
    ['everything', blank, false, { competence: 'choose' }],
    ['feasibility', { ...blank, competence: 'city' }, false, { feasibility: 'choose' }],
    ['nothing for colleagues', buildable, false, {}],
    ['both languages for everybody', buildable, true, { fi: 'both', sv: 'both' }],
    ['whole euros', { ...buildable, maximum: '12000,50' }, false, { maximum: 'amount' }],
    ['the order', { ...buildable, maximum: '9000' }, false, { maximum: 'order' }],
    ['no range with a class', { ...buildable, class: 'b', minimum: '', maximum: '' }, false, {}],
    [
      'reasons of a refusal',
      { ...blank, competence: 'city', feasibility: 'not_feasible', fi: 'Ei.' },
      false,
      { sv: 'both' },
    ],
    ['where to, and why', { ...blank, competence: 'forward' }, false, { forward: 'choose', note: 'reason' }],
  ])('%s', (_, draft, publish, wrong) => {
    expect(wrongOf(draft, publish)).toEqual(wrong)
  })
})

it('says only what belongs to the choice', () => {
  expect(estimateOf({ ...buildable, class: 'b', fi: ' Käy. ', sv: 'Ja.' }, 7, 2, true, classes)).toEqual({
    proposal: 7,
    number: 2,
    competence: 'city',
    feasibility: 'feasible',
    class: 'b',
    cost: { minimum: 1_000_000, maximum: 5_000_000, maintenance: 0 },
    reasons: { fi: 'Käy.', sv: 'Ja.', en: undefined },
    note: undefined,
    published: true,
  })
  expect(
    estimateOf(
      { ...buildable, competence: 'forward', forward: 'culture', note: 'Taidetta', fi: 'x' },
      7,
      0,
      true,
      classes,
    ),
  ).toEqual({
    proposal: 7,
    number: 0,
    competence: 'forward',
    forward: 'culture',
    reasons: {},
    note: 'Taidetta',
    published: false,
  })
})

it('names what differs, and begins with my own division’s words alone', () => {
  const one: Estimate = {
    number: 1,
    at: '2026-01-01T00:00:00Z',
    division: 'environment',
    division_name: { fi: 'K' },
    competence: 'city',
    feasibility: 'feasible',
    cost: { minimum: 0, maximum: 100, maintenance: 0 },
    reasons: {},
    missing: [],
    published: false,
  }
  expect(differences({ ...one, cost: { minimum: 0, maximum: 200, maintenance: 0 }, note: 'x' }, one)).toEqual([
    'cost.maximum',
    'note',
  ])
  expect(draftOf(one, 'environment').maximum).toBe('1')
  expect(draftOf(one, 'culture')).toEqual(blank)
})
