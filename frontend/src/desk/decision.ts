import type { Schemas } from '@/lib/api'

/** A decision that is written and waits to be confirmed. */
export type Decision =
  | { kind: 'take' }
  | { kind: 'ask'; body: Schemas['Question'] }
  | { kind: 'reject'; body: Schemas['Rejection'] }
  | { kind: 'accept'; body: Schemas['Acceptance'] }

export const reasons = [
  'not_city_competence',
  'unlawful',
  'not_one_off',
  'outside_area',
  'too_expensive',
  'already_planned',
  'duplicate',
  'not_feasible',
  'other',
] as const satisfies readonly Schemas['ReasonCode'][]

export interface DecisionForm {
  onReady: (decision: Decision) => void
  onStop: () => void
}
