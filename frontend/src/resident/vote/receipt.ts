import { useMemo, useSyncExternalStore } from 'react'
import type { Manifest } from '@/receipt/crypto/manifest'
import type { ReceiptFile } from '@/receipt/crypto/receipt'
import { isObject, keyOf, onChange, read, remove, write } from '@/receipt/store'

/** Proof that a ballot is in the box, without what it says. */
export interface Receipt {
  paper: string
  /** Hex SHA-256 of the ballot. */
  commit: string
  /** The box's promise, a signed note. */
  promise: string
  /** Where the ballot lies in the public log, once it does. */
  proof?: Proof
}

type Proof = Required<Pick<ReceiptFile, 'leaf' | 'index' | 'proof' | 'checkpoint'>>

const isReceipts = (value: unknown): value is Receipt[] =>
  Array.isArray(value) &&
  value.every(
    (receipt) =>
      isObject(receipt) &&
      ['paper', 'commit', 'promise'].every((field) => typeof receipt[field] === 'string') &&
      (receipt.proof === undefined || isObject(receipt.proof)),
  )

const receiptsKey = (round: string) => keyOf(round, 'receipts')

/** Receipts that this browser keeps, oldest first. */
export const receipts = (round: string): Receipt[] => read(receiptsKey(round), isReceipts) ?? []

export function keepReceipt(round: string, receipt: Receipt): boolean {
  const others = receipts(round).filter(({ commit }) => commit !== receipt.commit)
  return write(receiptsKey(round), [...others, receipt])
}

/** Adds to a kept receipt its proof, which was checked. */
export function keepProof(round: string, commit: string, { leaf, index, proof, checkpoint }: ReceiptFile): void {
  if (leaf === undefined || index === undefined || proof === undefined || checkpoint === undefined) return
  const kept = receipts(round)
  if (!kept.some((receipt) => receipt.commit === commit)) return // taken out of this browser meanwhile
  write(
    receiptsKey(round),
    kept.map((receipt) =>
      receipt.commit === commit ? { ...receipt, proof: { leaf, index, proof, checkpoint } } : receipt,
    ),
  )
}

/** The receipt as a file, which anyone can check. */
export const fileOf = (
  { round, digest, logKey }: Pick<Manifest, 'round' | 'digest' | 'logKey'>,
  { promise, proof }: Receipt,
): ReceiptFile => ({
  format: 'osbu/receipt/v2',
  round,
  manifest: digest,
  log_key: logKey,
  promise,
  ...proof,
})

/** Takes the receipts out of this browser, for a computer that others use too. */
export const forgetReceipts = (round: string): void => {
  remove(receiptsKey(round))
}

/** The receipts, kept up to date with other tabs. */
export function useReceipts(round: string): Receipt[] {
  const text = useSyncExternalStore(onChange, () => JSON.stringify(receipts(round)))
  return useMemo(() => JSON.parse(text) as Receipt[], [text])
}
