import { RSABSSA } from '@cloudflare/blindrsa-ts'
import { getPublicKeyAsync, signAsync, utils } from '@noble/ed25519'
import { castMessage, credentialMessage } from './ballot'
import type { Bytes } from './bytes'

// RFC 9474: the office signs a message that it cannot see, so that nobody can tell later whom it signed for.
const suite = RSABSSA.SHA384.PSS.Randomized()

/** What only this browser knows between asking for a credential and casting the ballot. */
export interface Blinding {
  /** Ed25519 seed, 32 bytes (RFC 8032); its public key is the nullifier. */
  secret: Bytes
  /** Randomizer (32 bytes) and credential message (48 bytes). */
  prepared: Bytes
  /** Takes the blinding off the office's answer. */
  inverse: Bytes
  /** What the office gets to see. */
  blinded: Bytes
}

export const randomizerLength = 32

/** An issuer's key as the manifest has it: RSA-2048, PKIX DER. */
export async function readIssuer(der: Bytes): Promise<CryptoKey> {
  const key = await crypto.subtle.importKey('spki', der, { name: 'RSA-PSS', hash: 'SHA-384' }, true, ['verify'])
  if ((key.algorithm as RsaHashedKeyAlgorithm).modulusLength !== 2048)
    throw new Error('the issuer’s key is not RSA-2048')
  return key
}

/** Makes a fresh key pair and blinds its credential message for the issuer. */
export async function blind(round: string, paper: string, issuer: CryptoKey): Promise<Blinding> {
  const secret = bytes(utils.randomSecretKey())
  const prepared = bytes(suite.prepare(await credentialMessage(round, paper, await publicKey(secret))))
  const { blindedMsg, inv } = await suite.blind(issuer, prepared)
  return { secret, prepared, inverse: bytes(inv), blinded: bytes(blindedMsg) }
}

/** Takes the blinding off; the error says so if the result is not the issuer's signature. */
export async function unblind(
  { prepared, inverse }: Pick<Blinding, 'prepared' | 'inverse'>,
  blindSignature: Bytes,
  issuer: CryptoKey,
): Promise<Bytes> {
  return bytes(await suite.finalize(issuer, prepared, blindSignature, inverse))
}

/** Whether a finished credential is the issuer's. */
export const isCredential = (credential: Bytes, prepared: Bytes, issuer: CryptoKey): Promise<boolean> =>
  suite.verify(issuer, credential, prepared)

export async function publicKey(secret: Bytes): Promise<Bytes> {
  return bytes(await getPublicKeyAsync(secret))
}

/** The voter's signature over (commit, seq); the same ballot always gets the same one (RFC 8032). */
export async function signCast(secret: Bytes, commit: Bytes, seq: number, sealed?: Bytes): Promise<Bytes> {
  return bytes(await signAsync(castMessage(commit, seq, sealed), secret))
}

/** The libraries' arrays, as WebCrypto wants them. */
const bytes = (array: Uint8Array): Bytes => new Uint8Array(array)
