import { useMemo, useSyncExternalStore } from 'react'
import type { Manifest } from '@/receipt/crypto/manifest'
import { isObject, keyOf, keys, onChange, read } from '@/receipt/store'

/** How an envelope (envelope.ts) is kept: its bytes in base64. Apart from it, so that pages can look without loading the cryptography. */
export type Sealed = Record<(typeof fields)[number], string> & {
  credential?: string
  recovery?: string
  sealed?: string
}

const fields = ['paper', 'issuer', 'owner', 'secret', 'prepared', 'inverse', 'blinded', 'ballot'] as const

export const isSealed = (value: unknown): value is Sealed =>
  isObject(value) && fields.every((field) => typeof value[field] === 'string')

/** Where a round's envelopes lie, each under a name of its own. */
export const envelopePlace = (round: string): string => keyOf(round, 'envelope.')

/** A ballot of this browser that was confirmed and has no promise yet. */
export interface Unsent {
  paper: string
  /** It has its credential, so that only the box is still to be asked. */
  ready: boolean
  /** It was recovered from another browser, and is to be filled in anew. */
  empty: boolean
  /** The office keeps its recovery. */
  recoverable: boolean
}

/** Ballots on their way for the issuers in the manifest, kept up to date with other tabs. */
export function useUnsent({ round, papers }: Manifest): Unsent[] {
  const text = useSyncExternalStore(onChange, () =>
    JSON.stringify(unsent(round, new Set(papers.map(({ issuerId }) => issuerId)))),
  )
  return useMemo(() => JSON.parse(text) as Unsent[], [text])
}

function unsent(round: string, issuers: Set<string>): Unsent[] {
  return keys(envelopePlace(round)).flatMap((key) => {
    const kept = read(key, isSealed)
    return kept && issuers.has(kept.issuer)
      ? [
          {
            paper: kept.paper,
            ready: kept.credential !== undefined,
            empty: kept.ballot === '',
            recoverable: kept.recovery !== undefined,
          },
        ]
      : []
  })
}
