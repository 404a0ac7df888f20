import { encodeBallot, newSalt } from '@/receipt/crypto/ballot'
import { fromBase64, toBase64, toHex, random, sha256, utf8, type Bytes } from '@/receipt/crypto/bytes'
import { blind, readIssuer, type Blinding } from '@/receipt/crypto/credential'
import type { Filled } from './basket'
import { keys, read, remove, write } from '@/receipt/store'
import { envelopePlace, isSealed, type Sealed } from './sealed'

/**
 * A ballot on its way, kept from before the credential is asked for until its promise is checked. Whatever happens in between
 * (reload, lost answer, second tab), the same bytes are sent again, and end in one credential and one ballot.
 */
export interface Envelope {
  id: string
  paper: string
  /** The manifest's issuerId. */
  issuer: string
  /** Digest of the sign-in it was made in, so that two people who share a browser do not share an envelope. */
  owner: string
  secret: Bytes
  prepared: Bytes
  inverse: Bytes
  blinded: Bytes
  /** Canonical text. It may be written anew until there is a credential, since none was sent before that. Empty after a recovery, until then. */
  ballot: string
  /** What was left with the office under a recovery code, see crypto/recovery.ts. */
  recovery?: Bytes
  /** The office's signature without the blinding. */
  credential?: Bytes
  /** What the box gets of the ballot where ballots are sealed: each sealing gives other bytes, and the same ones are sent again. */
  sealed?: Bytes
}

/** Marks a sign-in without naming the person: a digest of its random token, or of the voting code. */
export const ownerId = async (token: string): Promise<string> =>
  toHex(await sha256(utf8(`osbu/owner/v1\n${token}`))).slice(0, 32)

/** Makes a key, blinds it for the issuer and puts the ballot in. Nothing is kept or sent yet. */
export async function seal(round: string, { paper, area, ...vote }: Filled, owner: string): Promise<Envelope> {
  const blinding: Blinding = await blind(round, paper.id, await readIssuer(paper.issuer))
  const ballot = encodeBallot({ round, paper: paper.id, area, ...vote, salt: newSalt() })
  return { id: toHex(random(8)), paper: paper.id, issuer: paper.issuerId, owner, ballot, ...blinding }
}

/** The envelope with these choices in it; itself if they are in it already. */
export function refill(envelope: Envelope, round: string, { paper, area, ...vote }: Filled): Envelope {
  if (envelope.credential) return envelope
  const [head] = encodeBallot({ round, paper: paper.id, area, ...vote, salt: new Uint8Array(32) }).split('salt ')
  if (head && envelope.ballot.startsWith(head)) return envelope
  return { ...envelope, ballot: encodeBallot({ round, paper: paper.id, area, ...vote, salt: newSalt() }) }
}

/** Keeps an envelope; false if this browser does not keep things. */
export function keepEnvelope(round: string, { id, credential, recovery, sealed, ...rest }: Envelope): boolean {
  const { secret, prepared, inverse, blinded, ...words } = rest
  const bytes = {
    secret,
    prepared,
    inverse,
    blinded,
    ...(credential && { credential }),
    ...(recovery && { recovery }),
    ...(sealed && { sealed }),
  }
  const texts = Object.fromEntries(Object.entries(bytes).map(([name, value]) => [name, toBase64(value)]))
  return write(envelopePlace(round) + id, { ...words, ...texts } as Sealed)
}

export function dropEnvelope(round: string, { id }: Envelope): void {
  remove(envelopePlace(round) + id)
}

/** Every envelope of a round in this browser. */
export function envelopes(round: string): Envelope[] {
  return keys(envelopePlace(round)).flatMap((key) => {
    const kept = read(key, isSealed)
    if (!kept) return []
    const { secret, prepared, inverse, blinded, credential, recovery, sealed, ...words } = kept
    try {
      return [
        {
          ...words,
          id: key.slice(envelopePlace(round).length),
          secret: fromBase64(secret),
          prepared: fromBase64(prepared),
          inverse: fromBase64(inverse),
          blinded: fromBase64(blinded),
          ...(credential && { credential: fromBase64(credential) }),
          ...(recovery && { recovery: fromBase64(recovery) }),
          ...(sealed && { sealed: fromBase64(sealed) }),
        },
      ]
    } catch {
      return []
    }
  })
}
