import { useSyncExternalStore } from 'react'
import type { Identity } from './identity'

// A recovery code stays in this page's memory alone, as long as the voter may still be writing it down: kept, it would lie beside what it locks.
const codes = new Map<string, string>()
const listeners = new Set<() => void>()
const listen = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const keyOf = (round: string, { token }: Identity) => `${round} ${token}`

const set = (key: string, code?: string) => {
  if (code === undefined) codes.delete(key)
  else codes.set(key, code)
  for (const listener of listeners) listener()
}

export const recoveryCode = (round: string, voter: Identity): string | undefined => codes.get(keyOf(round, voter))

/** The code that this voter has made on this page, if she has. */
export const useRecoveryCode = (round: string, voter: Identity): string | undefined =>
  useSyncExternalStore(listen, () => recoveryCode(round, voter))

/** Makes the voter a code: the ballots that she confirms from now on are locked with it. */
export async function makeRecoveryCode(round: string, voter: Identity): Promise<void> {
  const { newCode } = await import('@/receipt/crypto/recovery')
  if (!recoveryCode(round, voter)) set(keyOf(round, voter), newCode())
}

export const forgetRecoveryCode = (round: string, voter: Identity): void => {
  set(keyOf(round, voter))
}
