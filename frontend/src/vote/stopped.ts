import type { Schemas } from '@/lib/api'

/** Why a vote could not go on, where asking again does not help. */
export type Reason =
  | 'refused' // not entitled; rights say why
  | 'spent' // the right is used, and nothing in this browser belongs to it
  | 'unkept' // this browser keeps nothing, so that a lost answer would cost the vote
  | 'distrusted' // an answer is not signed as the manifest says

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
