import { plainCode } from '@/lib/code'
import { codeLetters } from './checkCode'
import { credentialMessage } from './ballot'
import { equal, random, utf8, type Bytes } from './bytes'
import { publicKey, type Blinding } from './credential'

// A recovery code locks what a browser knows between the credential and the ballot, so that a new browser can go on if this one is lost. The
// office keeps the locked bytes until the close (domain/roll/recovery.go); the code itself never leaves this browser, except on the voter's paper.

/** 27 characters of 5 random bits each (135 bits), and a check character. */
const length = 28

/** Luhn's check modulo 32: any one character wrong, and nearly any two neighbours swapped, are noticed before anything is asked of the office. */
function check(body: string): string {
  const sum = [...body].reverse().reduce((sum, character, index) => {
    const addend = codeLetters.indexOf(character) * (index % 2 === 0 ? 2 : 1)
    return sum + Math.floor(addend / 32) + (addend % 32)
  }, 0)
  return codeLetters.charAt((32 - (sum % 32)) % 32)
}

/** A fresh code, as it is shown: XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX. */
export function newCode(): string {
  const body = Array.from(random(length - 1), (byte) => codeLetters.charAt(byte & 31)).join('')
  return (body + check(body)).replace(/(.{4})(?=.)/g, '$1-')
}

/** The code's characters alone. Case and what is neither letter nor digit do not matter, and o, i and l are read as 0, 1 and 1; undefined for what is no code. */
export function readCode(text: string): string | undefined {
  const plain = plainCode(text).replace(/O/g, '0').replace(/[IL]/g, '1')
  const body = plain.slice(0, -1)
  if (
    plain.length !== length ||
    [...plain].some((character) => !codeLetters.includes(character)) ||
    check(body) !== plain.slice(-1)
  )
    return undefined
  return plain
}

/** Not locked with this code, or not what the office was given. */
export class Locked extends Error {
  constructor() {
    super('the code does not open this')
    this.name = 'Locked'
  }
}

const context = (round: string, paper: string): Bytes => utf8(`osbu/recovery/v1\nround ${round}\npaper ${paper}\n`)

/** HKDF-SHA-256 (RFC 5869) of a code that is random enough to need no stretching; one key a paper. */
async function keyOf(code: string, round: string, paper: string): Promise<CryptoKey> {
  const plain = readCode(code)
  if (!plain) throw new Locked()
  const secret = await crypto.subtle.importKey('raw', utf8(plain), 'HKDF', false, ['deriveKey'])
  const derived = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: context(round, paper) }
  return crypto.subtle.deriveKey(derived, secret, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

/** What is locked, in this order: lengths in bytes. */
const parts = [
  ['secret', 32],
  ['prepared', 80],
  ['inverse', 256],
  ['blinded', 256],
] as const

const nonceLength = 12

/** Locks a blinding for one round and paper: nonce, then AES-256-GCM's ciphertext and tag; 652 bytes. */
export async function lock(code: string, round: string, paper: string, blinding: Blinding): Promise<Bytes> {
  const plain = new Uint8Array(parts.flatMap(([part]) => [...blinding[part]]))
  const nonce = random(nonceLength)
  const key = await keyOf(code, round, paper)
  const locked = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce, additionalData: context(round, paper) },
    key,
    plain,
  )
  return new Uint8Array([...nonce, ...new Uint8Array(locked)])
}

/** Opens what lock made; Locked for anything else. */
export async function unlock(code: string, round: string, paper: string, locked: Bytes): Promise<Blinding> {
  const key = await keyOf(code, round, paper)
  const plain = await open(key, round, paper, locked)
  const blinding: Record<string, Bytes> = {}
  let at = 0
  for (const [part, size] of parts) blinding[part] = plain.slice(at, (at += size))
  const opened = blinding as unknown as Blinding
  if (
    at !== plain.length ||
    !equal(opened.prepared.slice(32), await credentialMessage(round, paper, await publicKey(opened.secret)))
  )
    throw new Locked()
  return opened
}

async function open(key: CryptoKey, round: string, paper: string, locked: Bytes): Promise<Bytes> {
  const additionalData = context(round, paper)
  try {
    return new Uint8Array(
      await crypto.subtle.decrypt(
        { name: 'AES-GCM', iv: locked.slice(0, nonceLength), additionalData },
        key,
        locked.slice(nonceLength),
      ),
    )
  } catch {
    throw new Locked()
  }
}
