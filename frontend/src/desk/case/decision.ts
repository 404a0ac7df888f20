import type { Schemas } from '@/lib/api'

/** A decision that is written. */
export type Decision =
  | { kind: 'take' }
  | { kind: 'ask'; body: Schemas['Question'] }
  | { kind: 'reject'; body: Schemas['Rejection'] }
  | { kind: 'reopen'; body: Schemas['Reopening'] }
  | { kind: 'accept'; body: Schemas['Acceptance'] }

export interface DecisionForm {
  /** Why the last try failed. */
  cause: unknown
  /** Where what is written is kept over a reload. */
  slot: string
  /** It is on its way. */
  busy: boolean
  onReady: (decision: Decision) => void
  onStop: () => void
}
