import type { Schemas } from '@/lib/api'
import { Problem } from '@/lib/problem'
import { clearEntry, filled, readBasket } from './basket'
import { commitment } from '@/receipt/crypto/ballot'
import { fromBase64, sha256, toBase64, toHex, utf8, type Bytes } from '@/receipt/crypto/bytes'
import { isCredential, publicKey, randomizerLength, readIssuer, signCast, unblind } from '@/receipt/crypto/credential'
import type { Manifest, ManifestPaper } from '@/receipt/crypto/manifest'
import { openPromiseFor } from '@/receipt/crypto/promise'
import { lock } from '@/receipt/crypto/recovery'
import { sealBallot } from '@/receipt/crypto/sealed'
import { dropEnvelope, envelopes, keepEnvelope, refill, seal, type Envelope } from './envelope'
import { keepReceipt, type Receipt } from './receipt'
import { Stopped } from '@/receipt/stopped'

/** The office, asked as the voter. Every failure is a Problem. */
export interface Office {
  rights: () => Promise<Schemas['Rights']>
  /** The blind signature, base64; the same blinded message gets the same one. A recovery (base64) is kept with it, once. */
  credential: (paper: string, blinded: string, recovery?: string) => Promise<string>
  /** The recovery that was kept, if any. */
  recovery: (paper: string) => Promise<string | undefined>
}

/** The box, asked as nobody. */
export interface Box {
  /** The promise; the same ballot gets the same one. */
  cast: (ballot: Schemas['Cast']) => Promise<string>
}

export interface Voting {
  manifest: Manifest
  office: Office
  box: Box
  /** Marks the sign-in, see envelope.ts. */
  owner: string
  /** The recovery code that the voter has made, if she has. */
  code?: string
  pause: (seconds: number) => Promise<void>
  /** Told what is being done. */
  onStage?: (stage: Stage) => void
}

/** What is being done after the confirming click. */
export type Stage = 'right' | 'credential' | 'cast'

/**
 * The one confirming click: the right is checked, the credential issued, the ballot cast, for every paper that is filled in.
 * One tab at a time; what the others did meanwhile is seen in what is kept. No receipts: there was nothing left to cast.
 */
export function vote(voting: Voting): Promise<Receipt[]> {
  return alone(voting.manifest.round, async () => {
    const { round } = voting.manifest
    voting.onStage?.('right')
    const rights = await patiently(voting, () => voting.office.rights())
    if (!rights.eligible) throw new Stopped('refused', rights)
    const wanted = filled(voting.manifest, readBasket(round))
    const done: Receipt[] = []
    let spent = false
    for (const paper of voting.manifest.papers) {
      const right = rights.papers.find((mine) => mine.paper === paper.id)
      const choices = wanted.find((ballot) => ballot.paper.id === paper.id)
      const kept = keptFor(round, paper)
      const own = kept.find(({ owner }) => owner === voting.owner)
      let candidates: Envelope[] = []
      if (own) candidates = [choices ? refill(own, round, choices) : own, ...kept.filter((other) => other !== own)]
      else if (right?.spent) candidates = kept
      else if (right && choices) candidates = [await seal(round, choices, voting.owner), ...kept]
      const receipt = await castFirst(voting, paper, candidates.filter(isFilled))
      if (receipt) done.push(receipt)
      else if (choices && right && readBasket(round)[paper.id]) spent = true // still there: no other tab has just cast it
    }
    if (spent && done.length === 0) throw new Stopped('spent', rights)
    return done
  })
}

/** Casts what has a credential but no promise yet. It needs nobody's sign-in, since the box knows nobody. */
export function finish(voting: Pick<Voting, 'manifest' | 'box' | 'pause'>): Promise<Receipt[]> {
  return alone(voting.manifest.round, async () => {
    const done: Receipt[] = []
    for (const paper of voting.manifest.papers) {
      for (const envelope of keptFor(voting.manifest.round, paper))
        if (envelope.credential) done.push(await castOne(voting, envelope))
    }
    return done
  })
}

export const keptFor = (round: string, { id, issuerId }: ManifestPaper): Envelope[] =>
  envelopes(round).filter(({ paper, issuer }) => paper === id && issuer === issuerId)

/** A recovered envelope is empty until its voter has chosen anew; nobody else's choices go in. */
const isFilled = ({ ballot }: Envelope) => ballot !== ''

/**
 * Casts the first envelope that the office signs or has signed for this voter. It signs one request of a person, so at most one of them can
 * get an answer: which one it was may be forgotten when a sign-in ended between the request and its answer.
 */
async function castFirst(voting: Voting, paper: ManifestPaper, candidates: Envelope[]): Promise<Receipt | undefined> {
  const { round } = voting.manifest
  const tried = new Set<string>()
  for (
    let queue = candidates;
    queue.length > 0;
    queue = keptFor(round, paper).filter((envelope) => isFilled(envelope) && !tried.has(envelope.id))
  ) {
    for (const envelope of queue) {
      tried.add(envelope.id)
      try {
        return await castOne(voting, await redeem(voting, paper, envelope))
      } catch (cause) {
        if (!(cause instanceof Problem) || cause.code !== 'credential_conflict') throw cause
        // Another request was signed for this voter, so this one never will be. Somebody else's may still be hers.
        if (envelope.owner === voting.owner) dropEnvelope(round, envelope)
      }
    }
  }
  return undefined
}

/** The envelope with its credential in it, kept before and after the office is asked. */
async function redeem(voting: Voting, paper: ManifestPaper, envelope: Envelope): Promise<Envelope> {
  const { round } = voting.manifest
  if (envelope.credential) return leave(voting, paper, envelope)
  const recovery = envelope.recovery ?? (voting.code && (await lock(voting.code, round, paper.id, envelope)))
  const asking: Envelope = { ...envelope, ...(recovery && { recovery }) }
  if (!keepEnvelope(round, asking)) throw new Stopped('unkept')
  voting.onStage?.('credential')
  let answer: string
  try {
    answer = await patiently(voting, () =>
      voting.office.credential(paper.id, toBase64(asking.blinded), asking.recovery && toBase64(asking.recovery)),
    )
  } catch (cause) {
    if (!(cause instanceof Problem) || cause.code !== 'recovery_kept') throw cause
    // Another tab has left one for this very request. Its code stays good, and this one never was.
    delete asking.recovery
    answer = await patiently(voting, () => voting.office.credential(paper.id, toBase64(asking.blinded)))
  }
  const credential = await trusted(async () => {
    const issuer = await readIssuer(paper.issuer)
    const credential = await unblind(asking, fromBase64(answer), issuer)
    if (!(await isCredential(credential, asking.prepared, issuer))) throw new Error('not the issuer’s')
    return credential
  })
  const redeemed = { ...asking, credential }
  if (!keepEnvelope(round, redeemed)) throw new Stopped('unkept')
  return redeemed
}

/**
 * Leaves a recovery with the office for a code that was made only after the credential: by the same request once more. A ballot that can be cast is
 * not held up by it, so one try it is; at the next click comes another.
 */
async function leave(voting: Voting, paper: ManifestPaper, envelope: Envelope): Promise<Envelope> {
  const { round } = voting.manifest
  if (!voting.code || envelope.recovery) return envelope
  const recovery = await lock(voting.code, round, paper.id, envelope)
  try {
    await voting.office.credential(paper.id, toBase64(envelope.blinded), toBase64(recovery))
  } catch (cause) {
    if (cause instanceof Problem) return envelope
    throw cause
  }
  const left = { ...envelope, recovery }
  keepEnvelope(round, left)
  return left
}

/** Puts the ballot in the box, checks the promise, keeps it as a receipt, and forgets the rest. */
async function castOne(
  voting: Pick<Voting, 'manifest' | 'box' | 'pause' | 'onStage'>,
  envelope: Envelope,
): Promise<Receipt> {
  const { manifest, box } = voting
  const { paper, secret, prepared, credential, ballot } = envelope
  if (!credential) throw new Error('no credential yet')
  const [key, commit, seq] = [await publicKey(secret), await commitment(ballot), 1]
  const sealed = await sealOnce(manifest, envelope, key)
  const body = {
    paper,
    key: toBase64(key),
    randomizer: toBase64(prepared.slice(0, randomizerLength)),
    credential: toBase64(credential),
    ballot: toBase64(sealed ?? utf8(ballot)),
    ...(sealed && { commit: toBase64(commit) }),
    seq,
    signature: toBase64(await signCast(secret, commit, seq, sealed && (await sha256(sealed)))),
  }
  voting.onStage?.('cast')
  const promise = await patiently(voting, () => box.cast(body)).catch((cause: unknown) => {
    if (!(cause instanceof Problem) || cause.code !== 'nullifier_used') throw cause
    // The browser that this envelope was recovered from had cast it before it was lost.
    dropEnvelope(manifest.round, envelope)
    clearEntry(manifest.round, paper)
    throw new Stopped('cast_before')
  })
  await trusted(() => openPromiseFor(promise, manifest, key, commit, seq))
  const receipt = { paper, commit: toHex(commit), promise }
  // A crash from here on casts the same ballot again at the next visit, and gets the same promise.
  keepReceipt(manifest.round, receipt)
  dropEnvelope(manifest.round, envelope)
  clearEntry(manifest.round, paper)
  return receipt
}

/** The envelope's ballot sealed, where ballots are: kept before it is sent, so that the same bytes are sent again. */
async function sealOnce(manifest: Manifest, envelope: Envelope, voter: Bytes): Promise<Bytes | undefined> {
  const { sealing, papers, round } = manifest
  const { paper, ballot } = envelope
  if (!sealing || envelope.sealed) return envelope.sealed
  const padded = papers.find(({ id }) => id === paper)?.padded ?? 0
  const sealed = await trusted(() => sealBallot({ key: sealing.key, round, paper, voter }, ballot, padded))
  if (!keepEnvelope(round, { ...envelope, sealed })) throw new Stopped('unkept')
  return sealed
}

async function trusted<T>(check: () => Promise<T>): Promise<T> {
  try {
    return await check()
  } catch {
    throw new Stopped('distrusted')
  }
}

const pauses = [1, 3, 8]

/** Asks again, with the same bytes, while the trouble is one that passes. */
export async function patiently<T>({ pause }: Pick<Voting, 'pause'>, call: () => Promise<T>): Promise<T> {
  for (const seconds of pauses) {
    try {
      return await call()
    } catch (cause) {
      if (!(cause instanceof Problem) || !cause.passing) throw cause
      await pause(seconds)
    }
  }
  return call()
}

/** Runs while no other tab of this browser votes in the round. Without the lock nothing breaks, but two tabs may ask twice. */
export function alone<T>(round: string, run: () => Promise<T>): Promise<T> {
  return 'locks' in navigator ? (navigator.locks.request(`osbu.vote.${round}`, run) as Promise<T>) : run()
}
