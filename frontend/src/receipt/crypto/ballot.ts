import { random, sha256, sha384, toHex, utf8, type Bytes } from './bytes'

/** A paper filled in; it names no person. */
export interface Ballot {
  round: string
  paper: string
  area: string
  /** Numbers of projects; empty is a blank ballot. */
  choices: readonly number[]
  /** 32 random bytes, so that nobody can guess the ballot from its commitment. */
  salt: Bytes
}

export const newSalt = (): Bytes => random(32)

const address = /^[a-z0-9][a-z0-9-]{0,59}$/

/** The one canonical text of a ballot, byte for byte that of domain/ballot/canonical.go. Choices may come in any order. */
export function encodeBallot({ round, paper, area, choices, salt }: Ballot): string {
  for (const [name, value] of Object.entries({ round, paper, area }))
    if (!address.test(value)) throw new Error(`${name} is no address`)
  if (salt.length !== 32) throw new Error('salt is not 32 bytes')
  const sorted = [...choices].sort((a, b) => a - b)
  const fine = sorted.every(
    (number, index) => Number.isInteger(number) && number >= 1 && number <= 999_999 && number !== sorted[index - 1],
  )
  if (!fine || sorted.length > 1000) throw new Error('choices are not different project numbers')
  return `osbu/ballot/v1\nround ${round}\npaper ${paper}\narea ${area}\nchoices${sorted.map((number) => ` ${number}`).join('')}\nsalt ${toHex(salt)}\n`
}

/** SHA-256 of the canonical bytes: binds the ballot and hides it. */
export const commitment = (canonical: string): Promise<Bytes> => sha256(utf8(canonical))

/** What the office signs blindly (domain/ballot/message.go): SHA-384, 48 bytes. */
export const credentialMessage = (round: string, paper: string, key: Uint8Array): Promise<Bytes> =>
  sha384(utf8(`osbu/credential/v1\nround ${round}\npaper ${paper}\nkey ${toHex(key)}\n`))

/** What the voter's key signs (domain/ballot/message.go); of a sealed ballot (domain/ballot/sealed.go) also the SHA-256 of what is sealed. */
export const castMessage = (commit: Uint8Array, seq: number, sealed?: Uint8Array): Bytes =>
  utf8(
    sealed
      ? `osbu/cast/v2\ncommit ${toHex(commit)}\nsealed ${toHex(sealed)}\nseq ${seq}\n`
      : `osbu/cast/v1\ncommit ${toHex(commit)}\nseq ${seq}\n`,
  )
