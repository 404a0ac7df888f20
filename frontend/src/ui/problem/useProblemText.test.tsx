// @vitest-environment jsdom
import { renderToStaticMarkup } from 'react-dom/server'
import { giveTexts } from '@/lib/i18n'
import { beforeAll, expect, it } from 'vitest'
import type { FieldProblem } from '@/lib/problem'
import problem from './problem.fi.json'
import { useProblemText } from './useProblemText'

beforeAll(() => {
  giveTexts('fi', { problem })
})

function Said({ field }: { field: FieldProblem }) {
  return <>{useProblemText().field(field)}</>
}

it.each<[string, FieldProblem, string]>([
  ['cents as euros', { field: 'estimates[0].cost.maximum', code: 'too_small', limit: '500000' }, '5 000 €'],
  [
    'moments by the city’s clock',
    { field: 'times.voting.opens', code: 'too_large', limit: '2026-11-29T01:13:04Z' },
    '29.11.2026 klo 3.13',
  ],
  ['days as they are', { field: 'consent.given_on', code: 'too_large', limit: '2026-11-29' }, '29.11.2026'],
  ['other numbers as they are', { field: 'minutes', code: 'too_large', limit: '600' }, '600'],
])('tells %s', (_, field, limit) => {
  const text = renderToStaticMarkup(<Said field={field} />).replace(/[\u00a0\u202f]/g, ' ')
  expect(text).toContain(` ${limit}.`)
})
