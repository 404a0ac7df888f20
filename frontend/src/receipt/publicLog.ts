import { ask, box, type Schemas } from '@/lib/api'
import type { ReceiptFile } from './crypto/receipt'

export type ManifestProof = Schemas['ManifestProof']

/** A round's public log, asked as nobody. Every failure is a Problem; an unknown commit is not_found. */
export interface PublicLog {
  /** What the box has on a ballot. */
  receipt: (commit: string) => Promise<ReceiptFile>
  /** What the log says of itself now: a signed note. */
  checkpoint: () => Promise<string>
  /** Proof that the manifest is the log's first leaf. */
  manifestProof: () => Promise<ManifestProof>
  /** Proof that the tree of the larger size begins with that of the smaller one: hashes in base64. */
  consistency: (from: number, to: number) => Promise<string[]>
}

/** No call hangs for ever. */
export function publicLog(round: string): PublicLog {
  const signal = () => AbortSignal.timeout(30_000)
  return {
    receipt: (commit) =>
      ask(
        box.GET('/box/v1/rounds/{round}/receipts/{commit}', { params: { path: { round, commit } }, signal: signal() }),
      ),
    checkpoint: () =>
      ask(
        box.GET('/box/v1/rounds/{round}/checkpoint', {
          params: { path: { round } },
          parseAs: 'text',
          signal: signal(),
        }),
      ),
    manifestProof: () =>
      ask(box.GET('/box/v1/rounds/{round}/manifest-proof', { params: { path: { round } }, signal: signal() })),
    consistency: async (from, to) =>
      (
        await ask(
          box.GET('/box/v1/rounds/{round}/consistency', {
            params: { path: { round }, query: { from, to } },
            signal: signal(),
          }),
        )
      ).proof,
  }
}
