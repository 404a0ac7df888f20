import { random, sha256, sha384, toHex, utf8, type Bytes } from './bytes'

/** What a ballot says of projects. */
export interface Vote {
  /** Absent: picks, which are worth the same. */
  kind?: 'points' | 'ranking' | undefined
  /** Numbers of projects, of a ranking the best first; empty is a blank ballot. */
  choices: readonly number[]
  /** Of points: what each choice is given. */
  points?: readonly number[] | undefined
}

/** A paper filled in; it names no person. */
export interface Ballot extends Vote {
  round: string
  paper: string
  area: string
  /** 32 random bytes, so that nobody can guess the ballot from its commitment. */
  salt: Bytes
}

export const newSalt = (): Bytes => random(32)

const address = /^[a-z0-9][a-z0-9-]{0,59}$/

const isNumber = (value: unknown, most: number) =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most

/** The line of a ballot's text that has the vote. Picks and points are sorted; the order of a ranking is what it says. */
function line({ kind, choices, points = [] }: Vote): string {
  const sorted = choices.map((number, index) => ({ number, points: points[index] })).sort((a, b) => a.number - b.number)
  const most = kind === 'points' ? 500 : 1000
  if (
    sorted.length > most ||
    !sorted.every(({ number }, index) => isNumber(number, 999_999) && number !== sorted[index - 1]?.number)
  )
    throw new Error('choices are not different project numbers')
  if (kind === 'points') {
    if (points.length !== choices.length || !points.every((given) => isNumber(given, 100_000)))
      throw new Error('not every choice has its points')
    return `points${sorted.map(({ number, points }) => ` ${number}:${points}`).join('')}`
  }
  if (points.length > 0) throw new Error('points where none are given')
  return kind === 'ranking'
    ? `ranking${choices.map((number) => ` ${number}`).join('')}`
    : `choices${sorted.map(({ number }) => ` ${number}`).join('')}`
}

/** The one canonical text of a ballot, byte for byte that of domain/ballot/canonical.go. */
export function encodeBallot({ round, paper, area, salt, ...vote }: Ballot): string {
  for (const [name, value] of Object.entries({ round, paper, area }))
    if (!address.test(value)) throw new Error(`${name} is no address`)
  if (salt.length !== 32) throw new Error('salt is not 32 bytes')
  return `osbu/ballot/v${vote.kind ? 2 : 1}\nround ${round}\npaper ${paper}\narea ${area}\n${line(vote)}\nsalt ${toHex(salt)}\n`
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
