import { sha256, toHex, type Bytes } from './bytes'
import type { Manifest } from './manifest'
import { openNote } from './note'

/** What the box has signed (domain/box/promise.go): this ballot is in the box, and will be in the public log by then. */
export interface Promised {
  log: string
  /** The manifest that the ballot was checked against: its digest. */
  manifest: string
  /** Hex SHA-256 of the voter's public key. */
  nullifier: string
  seq: number
  /** Hex SHA-256 of the ballot. */
  commit: string
  /** RFC 3339. */
  by: string
}

const form =
  /^osbu\/promise\/v2\nlog (\S+)\nmanifest ([0-9a-f]{64})\nnullifier ([0-9a-f]{64})\nseq ([1-9][0-9]*)\ncommit ([0-9a-f]{64})\nby (\S+)\n$/

/** Reads a promise that the round's log key has signed; an error for anything else. */
export async function openPromise(note: string, manifest: Manifest): Promise<Promised> {
  const [, log = '', digest = '', nullifier = '', seq = '', commit = '', by = ''] =
    form.exec(await openNote(note, manifest.log)) ?? []
  if (log !== manifest.log.name) throw new Error('not a promise of this round’s log')
  return { log, manifest: digest, nullifier, seq: Number(seq), commit, by }
}

/** Reads the promise for one ballot: by this key, with this commitment. */
export async function openPromiseFor(
  note: string,
  manifest: Manifest,
  key: Bytes,
  commit: Bytes,
  seq: number,
): Promise<Promised> {
  const promised = await openPromise(note, manifest)
  if (promised.manifest !== manifest.digest) throw new Error('the promise is under another manifest')
  if (promised.nullifier !== toHex(await sha256(key)) || promised.commit !== toHex(commit) || promised.seq !== seq) {
    throw new Error('the promise is for another ballot')
  }
  return promised
}
