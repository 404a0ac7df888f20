import { between } from '@/lib/format'
import type { Say } from '@/lib/i18n'
import type { Form } from '@/receipt/crypto/manifest'

/** What a ballot of this form may say, in the words of the pages on which one votes. */
export function ruleOf(form: Form, pot: number, t: Say, euros: (cents: number) => string): string {
  const { kind, min, max, blank } = form
  const said: string[] = []
  switch (kind) {
    case 'approval':
      said.push(t('vote:projects.approval', { count: max, between: between(Math.max(min, 1), max) }))
      break
    case 'knapsack':
      said.push(t('vote:projects.knapsack', { pot: euros(pot) }))
      break
    case 'points': {
      const points = form.points ?? 0
      const each = form.points_each ?? points
      said.push(t(form.points_all ? 'vote:points.how_all' : 'vote:points.how', { count: points }))
      if (each < points) said.push(t('vote:points.how_each', { count: each }))
      if (min > 1) said.push(t('vote:points.how_min', { count: min }))
      if (max < points) said.push(t('vote:points.how_max', { count: max }))
      break
    }
    case 'ranking':
      said.push(t(min > 1 ? 'vote:ranking.how_min' : 'vote:ranking.how', { max, between: between(min, max) }))
  }
  if (blank || min === 0) said.push(t('blank'))
  return said.join(' ')
}
