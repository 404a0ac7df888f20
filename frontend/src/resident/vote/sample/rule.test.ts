import type { Say } from '@/lib/i18n'
import { expect, it } from 'vitest'
import type { Form } from '@/receipt/crypto/manifest'
import { ruleOf } from './rule'

// Which sentences are said, and with which numbers; the words themselves are the vote's.
const t = ((key: string, gaps: Record<string, unknown> = {}) =>
  [key, ...Object.values(gaps)].join(' ')) as unknown as Say
const said = (form: Form) => ruleOf(form, 100_000, t, (cents) => `${String(cents / 100)} €`)

it.each<[string, Form, string]>([
  ['some', { kind: 'approval', min: 1, max: 5, blank: false }, 'vote:projects.approval 5 1–5'],
  ['some or none', { kind: 'approval', min: 1, max: 5, blank: true }, 'vote:projects.approval 5 1–5 blank'],
  ['none is the fewest', { kind: 'approval', min: 0, max: 5, blank: false }, 'vote:projects.approval 5 1–5 blank'],
  ['the money', { kind: 'knapsack', min: 1, max: 20, blank: false }, 'vote:projects.knapsack 1000 €'],
  [
    'points as one likes',
    { kind: 'points', min: 1, max: 10, blank: false, points: 10, points_each: 10 },
    'vote:points.how 10',
  ],
  [
    'points within bounds',
    { kind: 'points', min: 2, max: 4, blank: false, points: 10, points_each: 5, points_all: true },
    'vote:points.how_all 10 vote:points.how_each 5 vote:points.how_min 2 vote:points.how_max 4',
  ],
  ['an order', { kind: 'ranking', min: 1, max: 5, blank: false }, 'vote:ranking.how 5 1–5'],
  ['an order of some', { kind: 'ranking', min: 2, max: 5, blank: true }, 'vote:ranking.how_min 5 2–5 blank'],
])('says the rule of %s', (_, form, want) => {
  expect(said(form)).toBe(want)
})
