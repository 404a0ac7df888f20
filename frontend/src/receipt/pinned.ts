import { openCheckpoint } from './crypto/checkpoint'
import { fromBase64 } from './crypto/bytes'
import type { Manifest } from './crypto/manifest'
import { isConsistent, isIncluded, leafHash, type Tree } from './crypto/merkle'
import { isCosigned } from './crypto/note'
import { Problem } from '@/lib/problem'
import type { ManifestProof, PublicLog } from './publicLog'
import { Stopped, type Reason } from './stopped'
import { isObject, keyOf, read, write } from './store'

/** What this browser was shown of a round: nobody who shows it something else later gets further. */
interface Pin {
  /** The manifest's. */
  digest: string
  /** The last one that was proven, a signed note. */
  checkpoint: string
}

const isPin = (value: unknown): value is Pin =>
  isObject(value) && [value.digest, value.checkpoint].every((part) => typeof part === 'string')

const pinKey = (round: string) => keyOf(round, 'pinned')

/**
 * Stops unless the manifest is the one that everybody is shown, as far as this browser can tell: the first leaf of the log, under a
 * checkpoint that a witness has cosigned where the manifest names some, and the same manifest and log as at every visit before. A server
 * that changes no page could otherwise give each voter an issuer's key of her own, and know her ballot by it.
 */
export async function pin(manifest: Manifest, log: PublicLog): Promise<void> {
  const before = read(pinKey(manifest.round), isPin)
  if (before && before.digest !== manifest.digest) throw new Stopped('another_manifest')
  const shown = await log.manifestProof()
  const tree = await proven(shown, manifest)
  if (before) await orStop('another_log', grown(before, tree, manifest, log))
  write(pinKey(manifest.round), { digest: manifest.digest, checkpoint: shown.checkpoint }) // voting finds out if nothing is kept
}

async function proven({ proof, checkpoint }: ManifestProof, manifest: Manifest): Promise<Tree> {
  const tree = await openCheckpoint(checkpoint, manifest.log).catch(() => undefined)
  if (!tree) throw new Stopped('unproven')
  await orStop(
    'unproven',
    (async () =>
      isIncluded(await leafHash(`manifest ${manifest.digest}`), 0, tree.size, proof.map(fromBase64), tree.root))(),
  )
  if (manifest.witnesses.length > 0) {
    const signed = await Promise.all(manifest.witnesses.map((witness) => isCosigned(checkpoint, witness)))
    if (!signed.includes(true)) throw new Stopped('unwitnessed')
  }
  return tree
}

/** Whether the log has only grown since the last visit. */
async function grown(before: Pin, now: Tree, manifest: Manifest, log: PublicLog): Promise<boolean> {
  const then = await openCheckpoint(before.checkpoint, manifest.log)
  if (now.size < then.size) return false
  const proof = now.size === then.size ? [] : await log.consistency(then.size, now.size)
  return isConsistent(then, now, proof.map(fromBase64))
}

/** Stops for this reason unless the check holds. That the service could not be asked is no reason. */
async function orStop(reason: Reason, check: Promise<boolean>): Promise<void> {
  const holds = await check.catch((cause: unknown) => {
    if (cause instanceof Problem && cause.passing) throw cause
    return false
  })
  if (!holds) throw new Stopped(reason)
}
