import { combine, split } from 'shamir-secret-sharing'
import { fromBase64, sha256, toBase64, toHex, type Bytes } from '@/receipt/crypto/bytes'
import { codeLetters } from '@/receipt/crypto/checkCode'
import { sealingInfo, suite } from '@/receipt/crypto/sealed'
import { plainCode } from '@/lib/code'

// The key to a round's sealed ballots (domain/ballot/sealed.go) is made in the browser of the official who leads the
// freeze, split among trustees by Shamir's scheme, and forgotten. Nothing of it is sent anywhere before the count.

/** What a trustee is given as a file. */
export interface ShareFile {
  format: 'osbu/share/v1'
  round: string
  trustee: number
  trustees: number
  needed: number
  code: string
}

/** A key that was split: its public half, base64, and each trustee's code. */
export interface Split {
  key: string
  codes: string[]
}

/** Makes a key of which any `needed` of `trustees` codes give the private half. */
export async function splitKey(trustees: number, needed: number): Promise<Split> {
  const pair = await suite.kem.generateKeyPair()
  const key = new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey))
  const secret = new Uint8Array(await suite.kem.serializePrivateKey(pair.privateKey))
  const tag = (await sha256(key)).slice(0, 4)
  const shares = await split(secret, trustees, needed)
  secret.fill(0)
  return { key: toBase64(key), codes: await Promise.all(shares.map((share) => writeCode(tag, share))) }
}

/** Lengths in bytes: version, tag of the key, share, check. */
const [version, tagLength, shareLength, checkLength] = [1, 4, 33, 4]
const codeLength = Math.ceil(((1 + tagLength + shareLength + checkLength) * 8) / 5)

/** Base 32 in groups of four: a version, which key it is of, the share, and a check over these. */
async function writeCode(tag: Bytes, share: Uint8Array): Promise<string> {
  const body = new Uint8Array([version, ...tag, ...share])
  const bytes = new Uint8Array([...body, ...(await sha256(body)).slice(0, checkLength)])
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
  const letters = Array.from({ length: codeLength }, (_, index) =>
    codeLetters.charAt(parseInt(bits.slice(5 * index, 5 * index + 5).padEnd(5, '0'), 2)),
  )
  return letters.join('').replace(/(.{4})(?=.)/g, '$1-')
}

export interface Share {
  /** Digest of the key it is a share of, hexadecimal. */
  tag: string
  share: Bytes
}

/** A code as it was typed, or the text of a trustee's file; undefined for what is neither. */
export async function readShare(text: string): Promise<Share | undefined> {
  const plain = plainCode(codeIn(text)).replace(/O/g, '0').replace(/[IL]/g, '1')
  if (plain.length !== codeLength || [...plain].some((letter) => !codeLetters.includes(letter))) return undefined
  const bits = [...plain].map((letter) => codeLetters.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const bytes = Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => parseInt(byte, 2))
  if (bits.slice(8 * bytes.length).includes('1')) return undefined // a code has one spelling
  const body = bytes.slice(0, 1 + tagLength + shareLength)
  const check = toHex((await sha256(body)).slice(0, checkLength))
  if (body[0] !== version || toHex(bytes.slice(body.length)) !== check) return undefined
  return { tag: toHex(body.slice(1, 1 + tagLength)), share: body.slice(1 + tagLength) }
}

function codeIn(text: string): string {
  try {
    const file = JSON.parse(text) as Partial<ShareFile>
    return file.code ?? ''
  } catch {
    return text
  }
}

/** What is wrong with a code among those that were entered. */
export type Wrong = 'unreadable' | 'twice' | 'another'

/** The private key, base64, of as many codes as are needed; or what is wrong with each. */
export async function joinShares(texts: string[]): Promise<{ opening: string } | { wrong: (Wrong | undefined)[] }> {
  const shares = await Promise.all(texts.map(readShare))
  const [first] = shares
  const wrong = shares.map((one, index): Wrong | undefined => {
    if (!one) return 'unreadable'
    if (first && one.tag !== first.tag) return 'another'
    const place = one.share.at(-1)
    return shares.slice(0, index).some((before) => before?.share.at(-1) === place) ? 'twice' : undefined
  })
  if (wrong.some(Boolean)) return { wrong }
  const secret = await combine(shares.flatMap((one) => (one ? [one.share] : [])))
  return { opening: toBase64(secret) }
}

/** What the private key makes of a text that was sealed under a round and the paper "trial"; undefined if it does not open it. */
export async function openTrial(round: string, opening: string, sealed: string): Promise<string | undefined> {
  const bytes = fromBase64(sealed)
  try {
    const recipient = await suite.createRecipientContext({
      recipientKey: await suite.kem.deserializePrivateKey(fromBase64(opening)),
      enc: bytes.slice(0, 32),
      info: sealingInfo(round, 'trial'),
    })
    return toBase64(new Uint8Array(await recipient.open(bytes.slice(32), new Uint8Array(32))))
  } catch {
    return undefined
  }
}
