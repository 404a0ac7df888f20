import { useMemo, useSyncExternalStore } from 'react'
import { isObject, keyOf, onChange, read, remove, write } from './store'

/** Proof that a ballot is in the box, without what it says. */
export interface Receipt {
  paper: string
  /** Hex SHA-256 of the ballot. */
  commit: string
  /** The box's promise, a signed note. */
  promise: string
}

const isReceipts = (value: unknown): value is Receipt[] =>
  Array.isArray(value) && value.every((receipt) => isObject(receipt) && ['paper', 'commit', 'promise'].every((field) => typeof receipt[field] === 'string'))

const receiptsKey = (round: string) => keyOf(round, 'receipts')

/** Receipts that this browser keeps, oldest first. */
export const receipts = (round: string): Receipt[] => read(receiptsKey(round), isReceipts) ?? []

export function keepReceipt(round: string, receipt: Receipt): boolean {
  const others = receipts(round).filter(({ commit }) => commit !== receipt.commit)
  return write(receiptsKey(round), [...others, receipt])
}

/** Takes the receipts out of this browser, for a computer that others use too. */
export const forgetReceipts = (round: string): void => {
  remove(receiptsKey(round))
}

/** The receipts, kept up to date with other tabs. */
export function useReceipts(round: string): Receipt[] {
  const text = useSyncExternalStore(onChange, () => JSON.stringify(receipts(round)))
  return useMemo(() => JSON.parse(text) as Receipt[], [text])
}
