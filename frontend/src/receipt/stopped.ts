import type { Schemas } from '@/lib/api'
import { Problem } from '@/lib/problem'

/** Why a vote could not go on, where asking again does not help. */
export type Reason =
  | 'refused' // not entitled; rights say why
  | 'spent' // the right is used, and nothing in this browser belongs to it
  | 'cast_before' // another browser has cast this ballot already, and it counts
  | 'locked' // the recovery code is not the one that was made for this vote
  | 'nothing_left' // no recovery was left for this voter
  | 'insecure' // the page came without https, so that the browser offers no cryptography
  | 'unkept' // this browser keeps nothing, so that a lost answer would cost the vote
  | 'distrusted' // an answer is not signed as the manifest says
  | 'unproven' // the manifest is not the first leaf of the log
  | 'unwitnessed' // no witness that the manifest names has cosigned the log
  | 'another_manifest' // not the one that this browser was shown before
  | 'another_log' // not the log that this browser was shown before, or an older one

/** Whether a vote that failed so can never succeed, however often it is tried. */
export const isFinal = (cause: unknown): boolean =>
  (cause instanceof Stopped && ['refused', 'spent', 'cast_before'].includes(cause.reason)) ||
  (cause instanceof Problem && ['voting_closed', 'right_spent'].includes(cause.code))

export class Stopped extends Error {
  readonly reason: Reason
  readonly rights: Schemas['Rights'] | undefined

  constructor(reason: Reason, rights?: Schemas['Rights']) {
    super(reason)
    this.name = 'Stopped'
    this.reason = reason
    this.rights = rights
  }
}
