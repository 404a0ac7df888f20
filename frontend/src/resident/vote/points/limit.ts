import type { Form } from '@/receipt/crypto/manifest'

/** Why a project cannot be given more points. */
export type Limit = 'all_given' | 'each' | 'full'

/** How many points a project that has so many can have at most, with `left` to give, and why not more. */
export function most(form: Form, picked: number, left: number, given: number): { points: number; why: Limit } {
  const { points = 0, points_each: each = points, max } = form
  if (given === 0 && picked >= max) return { points: 0, why: 'full' }
  return given + left < each ? { points: given + left, why: 'all_given' } : { points: each, why: 'each' }
}
