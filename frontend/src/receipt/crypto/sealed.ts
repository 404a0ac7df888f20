import { Aes128Gcm, CipherSuite, HkdfSha256 } from '@hpke/core'
import { DhkemX25519HkdfSha256 } from '@hpke/dhkem-x25519'
import { utf8, type Bytes } from './bytes'

/** HPKE (RFC 9180) as domain/ballot/sealed.go has it. */
export const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes128Gcm(),
})

/** Binds what is sealed to its round and paper. */
export const sealingInfo = (round: string, paper: string): Bytes =>
  utf8(`osbu/sealed/v1\nround ${round}\npaper ${paper}\n`)

/** Where a ballot goes. */
export interface Sealed {
  /** X25519 public key of the round. */
  key: Bytes
  round: string
  paper: string
  /** The voter's public key: under no other the ballot opens. */
  voter: Bytes
}

/** The ballot padded with zeros to the paper's length and sealed: encapsulated key, ciphertext, tag. */
export async function sealBallot(
  { key, round, paper, voter }: Sealed,
  canonical: string,
  padded: number,
): Promise<Bytes> {
  const text = utf8(canonical)
  if (text.length > padded) throw new Error('the ballot is longer than those of its paper may be')
  const plain = new Uint8Array(padded)
  plain.set(text)
  const sender = await suite.createSenderContext({
    recipientPublicKey: await suite.kem.deserializePublicKey(key),
    info: sealingInfo(round, paper),
  })
  const sealed = await sender.seal(plain, voter)
  return new Uint8Array([...new Uint8Array(sender.enc), ...new Uint8Array(sealed)])
}
