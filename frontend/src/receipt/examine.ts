import { Problem } from '@/lib/problem'
import { fromBase64 } from './crypto/bytes'
import { openCheckpoint } from './crypto/checkpoint'
import type { Manifest } from './crypto/manifest'
import { isConsistent, type Tree } from './crypto/merkle'
import { checkReceipt, Untrue, type Flaw, type Proven, type ReceiptFile } from './crypto/receipt'
import type { PublicLog } from './publicLog'

/**
 * What became of a ballot, as this browser has found out by itself:
 *
 *   logged      its leaf is in the log that everybody sees now
 *   waiting     the promise holds and its time has not come
 *   unreached   the promise holds; the service could not be asked for more
 *   untrue      the receipt does not hold: somebody has changed it
 *
 * and the alarms, each with a signed promise in hand that shows who is wrong:
 *
 *   late        the promised time has passed and the ballot is not in the log
 *   denied      the box does not know a ballot that it has promised to keep
 *   contrary    what the box answers does not hold
 *   rewritten   the log is not the one that the receipt was proven in
 *   personal    the receipt was given under another manifest than everybody's
 */
export type Verdict = 'logged' | 'waiting' | 'unreached' | 'untrue' | Alarm
export type Alarm = 'late' | 'denied' | 'contrary' | 'rewritten' | 'personal'

const alarms: readonly string[] = ['late', 'denied', 'contrary', 'rewritten', 'personal'] satisfies Alarm[]
export const isAlarm = (verdict: Verdict): verdict is Alarm => alarms.includes(verdict)

export interface Finding {
  verdict: Verdict
  /** The receipt, with its proof once there is one. */
  file: ReceiptFile
  /** What does not hold, of an untrue receipt or a contrary answer. */
  flaw?: Flaw
  /** What the receipt proves, unless it is untrue. */
  proven?: Proven
  /** The log as it is now and begins with the receipt's; absent if it could not be asked. */
  now?: Tree
}

/** Checks a receipt against the round's manifest and, as far as it can be reached, against the public log. */
export async function examine(
  file: ReceiptFile,
  manifest: Manifest,
  log: PublicLog,
  clock: () => number = Date.now,
): Promise<Finding> {
  let proven: Proven
  try {
    proven = await checkReceipt(file, manifest)
  } catch (cause) {
    const flaw = flawOf(cause)
    return { verdict: flaw === 'manifest' ? 'personal' : 'untrue', file, flaw }
  }
  if (proven.logged) return compare({ verdict: 'logged', file, proven }, manifest, log)
  return lookUp(file, proven, manifest, log, clock)
}

/** Asks for the proof that a receipt waits for. */
async function lookUp(
  file: ReceiptFile,
  proven: Proven,
  manifest: Manifest,
  log: PublicLog,
  clock: () => number,
): Promise<Finding> {
  const overdue = clock() > Date.parse(proven.promised.by)
  let answer: ReceiptFile
  try {
    answer = await log.receipt(proven.promised.commit)
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause
    if (cause.code !== 'not_found') return { verdict: 'unreached', file, proven }
    return { verdict: overdue ? 'late' : 'denied', file, proven }
  }
  // The promise in hand is the one that counts.
  const fuller = { ...answer, promise: file.promise }
  try {
    const more = await checkReceipt(fuller, manifest)
    if (more.logged) return await compare({ verdict: 'logged', file: fuller, proven: more }, manifest, log)
    return { verdict: overdue ? 'late' : 'waiting', file, proven }
  } catch (cause) {
    return { verdict: 'contrary', file, proven, flaw: flawOf(cause) }
  }
}

/** Holds the tree that a receipt was proven in against the one that everybody sees now. */
async function compare(finding: Finding, manifest: Manifest, log: PublicLog): Promise<Finding> {
  const then = finding.proven?.logged?.tree
  if (!then) return finding
  try {
    const note = await log.checkpoint()
    const now = await openCheckpoint(note, manifest.log).catch(() => undefined)
    if (!now) return { ...finding, verdict: 'contrary', flaw: 'checkpoint' }
    // A cache may answer with an older checkpoint than the receipt's.
    const [before, after] = then.size <= now.size ? [then, now] : [now, then]
    const proof = before.size === after.size ? [] : await log.consistency(before.size, after.size)
    const grown = await isConsistent(before, after, proof.map(fromBase64)).catch(() => false)
    return grown ? { ...finding, now: after } : { ...finding, verdict: 'rewritten' }
  } catch (cause) {
    if (cause instanceof Problem) return finding
    return { ...finding, verdict: 'rewritten' } // hashes that are none
  }
}

const flawOf = (cause: unknown): Flaw => {
  if (cause instanceof Untrue) return cause.flaw
  throw cause
}

/** What the box has on a commit alone: typed, or from a code on a printed receipt. Undefined if it has nothing. */
export async function find(
  commit: string,
  manifest: Manifest,
  log: PublicLog,
  clock: () => number = Date.now,
): Promise<Finding | undefined> {
  let file: ReceiptFile
  try {
    file = await log.receipt(commit)
  } catch (cause) {
    if (cause instanceof Problem && cause.code === 'not_found') return undefined
    throw cause
  }
  const finding = await examine(file, manifest, log, clock)
  if (finding.proven && finding.proven.promised.commit !== commit) return { verdict: 'contrary', file, flaw: 'leaf' }
  return finding.verdict === 'untrue' || finding.verdict === 'personal' ? { ...finding, verdict: 'contrary' } : finding
}

/** Commits are written in groups of four, and may be typed so. Undefined for what is none. */
export function readCommit(text: string): string | undefined {
  const plain = text.replace(/\s/g, '').toLowerCase()
  return /^[0-9a-f]{64}$/.test(plain) ? plain : undefined
}

/** Seconds to wait after the n-th answer (from 1) without a proof: few at first, for a batch may be just ready, then ever more. */
export const pauseAfter = (answers: number): number => Math.min(3 * 2 ** (answers - 1), 600)
