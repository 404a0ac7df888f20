import { isObject } from '../store'
import { fromBase64 } from './bytes'
import { openCheckpoint } from './checkpoint'
import type { Manifest } from './manifest'
import { isIncluded, leafHash, type Tree } from './merkle'
import { openPromise, type Promised } from './promise'

/** A receipt as the box answers with and as it is saved (domain/box/receipt.go). Without leaf, index, proof and checkpoint it waits for its batch. */
export interface ReceiptFile {
  format: string
  round: string
  /** The manifest's digest, hex. */
  manifest: string
  log_key: string
  /** Signed note. */
  promise: string
  leaf?: string
  index?: number
  /** Hashes in base64, from the leaf's sibling up. */
  proof?: string[]
  /** Signed note. */
  checkpoint?: string
}

export const receiptFormat = 'osbu/receipt/v2'

/** What of a receipt does not hold. */
export type Flaw =
  | 'format' // no receipt at all
  | 'round' // of another round, or of another log
  | 'promise' // not signed by the round's log
  | 'manifest' // given under another manifest than the round's: signed proof that its holder was shown another ballot
  | 'leaf' // the log's entry is not the promised one
  | 'checkpoint' // not signed by the round's log
  | 'proof' // the entry is not in the log where the receipt says

export class Untrue extends Error {
  readonly flaw: Flaw

  constructor(flaw: Flaw) {
    super(`the receipt does not hold: ${flaw}`)
    this.name = 'Untrue'
    this.flaw = flaw
  }
}

/** What a receipt proves. */
export interface Proven {
  promised: Promised
  /** Where in the log the ballot lies; absent while it waits. */
  logged?: { index: number; tree: Tree }
}

const isText = (value: unknown) => typeof value === 'string'
const optional = (value: unknown, is: (value: unknown) => boolean) => value === undefined || is(value)

function isReceiptFile(value: unknown): value is ReceiptFile {
  return (
    isObject(value) &&
    value.format === receiptFormat &&
    [value.round, value.manifest, value.log_key, value.promise].every(isText) &&
    [value.leaf, value.checkpoint].every((text) => optional(text, isText)) &&
    optional(value.index, Number.isSafeInteger) &&
    optional(value.proof, (proof) => Array.isArray(proof) && proof.every(isText))
  )
}

/** Reads a receipt’s file; whether it is true is for checkReceipt. */
export function readReceipt(text: string): ReceiptFile {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Untrue('format')
  }
  if (!isReceiptFile(value)) throw new Untrue('format')
  return value
}

/** The receipt has only its promise yet. */
export const waits = ({ leaf, index, proof, checkpoint }: ReceiptFile): boolean =>
  [leaf, index, proof, checkpoint].every((part) => part === undefined)

/** Checks everything that a receipt says against the round’s signed manifest; Untrue names the first thing that does not hold. */
export async function checkReceipt(file: ReceiptFile, manifest: Manifest): Promise<Proven> {
  if (file.format !== receiptFormat) throw new Untrue('format')
  if (file.round !== manifest.round || file.log_key !== manifest.logKey) throw new Untrue('round')
  const promised = await orElse('promise', openPromise(file.promise, manifest))
  if (promised.manifest !== file.manifest) throw new Untrue('promise')
  if (promised.manifest !== manifest.digest) throw new Untrue('manifest')
  if (waits(file)) return { promised }
  const line = `ballot ${promised.nullifier} ${promised.seq} ${promised.commit}`
  if (file.leaf !== line) throw new Untrue('leaf')
  const tree = await orElse('checkpoint', openCheckpoint(file.checkpoint ?? '', manifest.log))
  const index = file.index ?? -1
  const included = await orElse(
    'proof',
    (async () => isIncluded(await leafHash(line), index, tree.size, (file.proof ?? []).map(fromBase64), tree.root))(),
  )
  if (!included) throw new Untrue('proof')
  return { promised, logged: { index, tree } }
}

async function orElse<T>(flaw: Flaw, check: Promise<T>): Promise<T> {
  try {
    return await check
  } catch {
    throw new Untrue(flaw)
  }
}
