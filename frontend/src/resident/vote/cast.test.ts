// @vitest-environment jsdom
/// <reference types="node" />
import { constants, KeyObject, privateDecrypt } from 'node:crypto'
import { getPublicKeyAsync, signAsync } from '@noble/ed25519'
import { RSABSSA } from '@cloudflare/blindrsa-ts'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Schemas } from '@/lib/api'
import { Problem, type Code } from '@/lib/problem'
import { readBasket, type Basket } from './basket'
import { finish, vote, type Voting } from './cast'
import { commitment, credentialMessage } from '@/receipt/crypto/ballot'
import { fromBase64, sha256, toBase64, toHex, utf8, type Bytes } from '@/receipt/crypto/bytes'
import { openManifest, type Manifest } from '@/receipt/crypto/manifest'
import { newCode } from '@/receipt/crypto/recovery'
import { envelopes, keepEnvelope, ownerId, type Envelope } from './envelope'
import { receipts } from './receipt'
import { recover } from './recover'
import { Stopped } from '@/receipt/stopped'
import { keyOf } from '@/receipt/store'

const suite = RSABSSA.SHA384.PSS.Randomized()
const logSeed = new Uint8Array(32).fill(7)
let issuers: CryptoKeyPair[]
let manifest: Manifest

const text = (bytes: Bytes) => new TextDecoder().decode(bytes)

async function signNote(body: string, name = 'osbu/r'): Promise<string> {
  const typed = new Uint8Array([1, ...(await getPublicKeyAsync(logSeed))])
  const id = (await sha256(new Uint8Array([...utf8(`${name}\n`), ...typed]))).slice(0, 4)
  const signature = await signAsync(utf8(body), logSeed)
  return `${body}\n\u2014 ${name} ${toBase64(new Uint8Array([...id, ...signature]))}\n`
}

/** What circl's BlindSign computes: the bare RSA private operation. */
function blindSign(key: CryptoKey | undefined, blinded: string): string {
  if (!key) throw new Error('no such issuer')
  return toBase64(
    new Uint8Array(
      privateDecrypt({ key: KeyObject.from(key), padding: constants.RSA_NO_PADDING }, fromBase64(blinded)),
    ),
  )
}

async function makeManifest(): Promise<string> {
  const typed = new Uint8Array([1, ...(await getPublicKeyAsync(logSeed))])
  const id = (await sha256(new Uint8Array([...utf8('osbu/r\n'), ...typed]))).slice(0, 4)
  const papers = await Promise.all(
    ['district', 'city'].map(async (paper, index) => ({
      id: paper,
      name: { fi: paper },
      areas: index === 0 ? ['north', 'south'] : ['all'],
      form: { kind: 'approval', min: 1, max: 3, blank: false },
      issuer: toBase64(new Uint8Array(await crypto.subtle.exportKey('spki', issuers[index]?.publicKey as CryptoKey))),
    })),
  )
  const body = {
    format: 'osbu/manifest/v1',
    round: 'r',
    name: { fi: 'Kierros' },
    rehearsal: false,
    areas: ['north', 'south', 'all'].map((area) => ({ id: area, name: { fi: area }, pot: 100_000 })),
    papers,
    projects: [1, 2, 3, 4, 5, 6].map((number) => ({
      number,
      area: ['north', 'south', 'all'][(number - 1) % 3],
      title: { fi: `Hanke ${number}` },
      cost: 10_000 * number,
    })),
    log_key: `osbu/r+${toHex(id)}+${toBase64(typed)}`,
  }
  return signNote(`${JSON.stringify(body, null, 2)}\n`)
}

beforeAll(async () => {
  issuers = await Promise.all(
    [0, 1].map(() => suite.generateKey({ modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) })),
  )
  manifest = await openManifest(await makeManifest(), 'r')
})

/** An office and a box that keep what they were asked and can lose an answer after having kept it. */
class Town {
  rights: Schemas['Rights'] = { eligible: true, papers: ['district', 'city'].map((paper) => ({ paper, spent: false })) }
  requests: string[] = []
  signed = new Map<string, { blinded: string; signature: string }>()
  left = new Map<string, string>()
  posts: string[] = []
  ballots = new Map<string, string>()
  /** What to throw: keyed by call, first in first out; "after" throws once the thing is done. */
  faults: { at: 'rights' | 'credential' | 'cast' | 'recovery'; when: 'before' | 'after'; code: Code }[] = []

  private fail(at: string, when: string) {
    const index = this.faults.findIndex((fault) => fault.at === at && fault.when === when)
    if (index < 0) return
    const [fault] = this.faults.splice(index, 1)
    throw new Problem(fault?.code ?? 'internal')
  }

  as(person: string, code?: string): Voting {
    return {
      manifest,
      ...(code && { code }),
      owner: person,
      pause: () => Promise.resolve(),
      office: {
        rights: () => {
          this.fail('rights', 'before')
          return Promise.resolve({
            ...this.rights,
            papers: this.rights.papers.map((right) => ({
              ...right,
              spent: right.spent || this.signed.has(`${this.person(person)} ${right.paper}`),
            })),
          })
        },
        credential: async (paper, blinded, recovery) => {
          this.requests.push(blinded)
          this.fail('credential', 'before')
          const right = `${this.person(person)} ${paper}`
          const before = this.signed.get(right)
          if (before && before.blinded !== blinded) throw new Problem('credential_conflict')
          const kept = this.left.get(right)
          if (recovery && kept && kept !== recovery) throw new Problem('recovery_kept')
          if (recovery) this.left.set(right, recovery)
          const index = manifest.papers.findIndex(({ id }) => id === paper)
          const signature = before?.signature ?? blindSign(issuers[index]?.privateKey, blinded)
          this.signed.set(right, { blinded, signature })
          this.fail('credential', 'after')
          return signature
        },
        recovery: (paper) => {
          this.fail('recovery', 'before')
          return Promise.resolve(this.left.get(`${this.person(person)} ${paper}`))
        },
      },
      box: {
        cast: async (cast) => {
          this.posts.push(JSON.stringify(cast))
          this.fail('cast', 'before')
          const index = manifest.papers.findIndex(({ id }) => id === cast.paper)
          const key = fromBase64(cast.key)
          const prepared = new Uint8Array([
            ...fromBase64(cast.randomizer),
            ...(await credentialMessage('r', cast.paper, key)),
          ])
          if (!(await suite.verify(issuers[index]?.publicKey as CryptoKey, fromBase64(cast.credential), prepared)))
            throw new Problem('credential_invalid')
          const lies = this.ballots.get(cast.key)
          if (lies && lies !== cast.ballot) throw new Problem('nullifier_used')
          this.ballots.set(cast.key, cast.ballot)
          this.fail('cast', 'after')
          const commit = toHex(await commitment(text(fromBase64(cast.ballot))))
          return signNote(
            `osbu/promise/v2\nlog osbu/r\nmanifest ${manifest.digest}\nnullifier ${toHex(await sha256(key))}\nseq ${cast.seq}\ncommit ${commit}\nby 2026-11-01T20:00:00Z\n`,
          )
        },
      },
    }
  }

  /** "anna again" is Anna in another sign-in. */
  private person(owner: string) {
    return owner.split(' ')[0]
  }

  /** The choices lines of the ballots in the box. */
  choices() {
    return [...this.ballots.values()].map((ballot) => text(fromBase64(ballot)).split('\n').slice(2, 5).join(' ')).sort()
  }
}

const bodyOf = (note: string) => note.slice(0, note.indexOf('\n\n') + 1)

const choose = (basket: Basket) => {
  localStorage.setItem(keyOf('r', 'basket'), JSON.stringify(basket))
}
const district = (...picks: number[]): Basket => ({ district: { area: 'north', picks: { north: picks } } })

/** Web Locks, which jsdom lacks. */
function takeTurns() {
  let last: Promise<unknown> = Promise.resolve()
  const request = (_: string, run: () => Promise<unknown>) => (last = last.then(run, run))
  Object.defineProperty(navigator, 'locks', { value: { request }, configurable: true })
}

let town: Town
beforeEach(() => {
  localStorage.clear()
  Reflect.deleteProperty(navigator, 'locks')
  town = new Town()
})

describe('one confirming click', () => {
  it('casts one ballot for each paper that is filled in, and keeps receipts only', async () => {
    choose({ ...district(4, 1), city: { area: 'all', picks: { all: [3] } } })
    const got = await vote(town.as('anna'))
    expect(town.choices()).toEqual(['paper city area all choices 3', 'paper district area north choices 1 4'])
    expect(got).toEqual(receipts('r'))
    expect(got.map(({ paper }) => paper)).toEqual(['district', 'city'])
    expect(envelopes('r')).toEqual([])
    expect(readBasket('r')).toEqual({})
    const kept = JSON.stringify({ ...localStorage })
    expect(kept).not.toContain('choices')
    expect(kept).not.toContain('salt')
  })

  it('leaves a paper alone that is empty, skipped or not hers', async () => {
    choose({ ...district(1), city: { area: 'all', picks: { all: [3] }, skipped: true } })
    await vote(town.as('anna'))
    expect(town.choices()).toEqual(['paper district area north choices 1'])

    choose({ city: { area: 'all', picks: { all: [3] } } })
    town.rights = { eligible: true, papers: [{ paper: 'district', spent: false }] }
    expect(await vote(town.as('bertta'))).toEqual([])
    expect(town.ballots.size).toBe(1)
  })

  it('keeps key, blinding and ballot before the office is asked', async () => {
    choose(district(1))
    const voting = town.as('anna')
    const seen: number[] = []
    const { credential } = voting.office
    voting.office.credential = (paper, blinded) => {
      seen.push(
        envelopes('r').filter((kept) => toBase64(kept.blinded) === blinded && kept.ballot.includes('choices 1\n'))
          .length,
      )
      return credential(paper, blinded)
    }
    await vote(voting)
    expect(seen).toEqual([1])
  })

  it('asks nothing of the office if this browser keeps nothing', async () => {
    choose(district(1))
    const { setItem } = Storage.prototype
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    try {
      await expect(vote(town.as('anna'))).rejects.toMatchObject({ reason: 'unkept' })
    } finally {
      Storage.prototype.setItem = setItem
    }
    expect(town.requests).toEqual([])
  })

  it('stops before any credential for somebody who may not vote', async () => {
    choose(district(1))
    town.rights = { eligible: false, refusal: 'too_young', old_enough_on: '2027-01-02', papers: [] }
    await expect(vote(town.as('anna'))).rejects.toMatchObject({ reason: 'refused', rights: town.rights })
    expect(town.requests).toEqual([])
    expect(readBasket('r')).toEqual(district(1))
  })
})

describe('exactly one ballot', () => {
  it.each([
    ['rights', 'before', 0, 1],
    ['credential', 'before', 2, 1],
    ['credential', 'after', 2, 1],
    ['cast', 'before', 1, 2],
    ['cast', 'after', 1, 2],
  ] as const)('when the connection breaks at %s, %s it is done', async (at, when, requests, posts) => {
    choose(district(1, 4))
    town.faults = [{ at, when, code: 'offline' }]
    await vote(town.as('anna'))
    expect(town.choices()).toEqual(['paper district area north choices 1 4'])
    expect(new Set(town.requests).size).toBe(1)
    expect(new Set(town.posts).size).toBe(1)
    if (requests > 0) expect(town.requests).toHaveLength(requests)
    expect(town.posts).toHaveLength(posts)
  })

  it.each(['credential', 'cast'] as const)('when the page is reloaded after the answer of %s was lost', async (at) => {
    choose(district(1, 4))
    town.faults = [1, 2, 3, 4].map(() => ({ at, when: 'after', code: 'offline' }))
    await expect(vote(town.as('anna'))).rejects.toMatchObject({ code: 'offline' })
    expect(readBasket('r')).toEqual(district(1, 4))
    await vote(town.as('anna'))
    expect(town.choices()).toEqual(['paper district area north choices 1 4'])
    expect(new Set(town.requests).size).toBe(1)
    expect(new Set(town.posts).size).toBe(1)
    expect(receipts('r')).toHaveLength(1)
  })

  it('when two tabs confirm at once, and a click comes twice', async () => {
    takeTurns()
    choose(district(1))
    const all = await Promise.all([vote(town.as('anna')), vote(town.as('anna')), vote(town.as('anna'))])
    expect(all.flat()).toHaveLength(1)
    expect(town.choices()).toEqual(['paper district area north choices 1'])
    expect(town.requests).toHaveLength(1)
    expect(town.posts).toHaveLength(1)
    expect(receipts('r')).toHaveLength(1)
    expect(envelopes('r')).toEqual([])
  })

  it('when two tabs confirm at once in a browser without locks', async () => {
    choose(district(1))
    await Promise.all([vote(town.as('anna')), vote(town.as('anna'))])
    expect(town.choices()).toEqual(['paper district area north choices 1'])
    expect(receipts('r')).toHaveLength(1)
    expect(envelopes('r')).toEqual([])
  })

  it('when the sign-in ended between the request and its answer', async () => {
    choose(district(1))
    town.faults = [1, 2, 3, 4].map(() => ({ at: 'credential', when: 'after', code: 'offline' }))
    await expect(vote(town.as('anna'))).rejects.toMatchObject({ code: 'offline' })
    await vote(town.as('anna again'))
    expect(town.choices()).toEqual(['paper district area north choices 1'])
    expect(new Set(town.requests).size).toBe(1)
  })

  it('when the office got the first request late', async () => {
    choose(district(1))
    town.faults = [1, 2, 3, 4].map(() => ({ at: 'credential', when: 'before', code: 'offline' }))
    await expect(vote(town.as('anna'))).rejects.toMatchObject({ code: 'offline' })
    const voting = town.as('anna again')
    const { credential } = voting.office
    let late = true
    voting.office.credential = async (paper, blinded) => {
      if (late) {
        late = false
        await credential(paper, town.requests[0] ?? '')
      }
      return credential(paper, blinded)
    }
    await vote(voting)
    expect(town.choices()).toEqual(['paper district area north choices 1'])
    expect(envelopes('r')).toEqual([])
  })

  it('with what was chosen last, as long as there is no credential', async () => {
    choose(district(1))
    town.faults = [1, 2, 3, 4].map(() => ({ at: 'credential', when: 'after', code: 'offline' }))
    await expect(vote(town.as('anna'))).rejects.toThrow()
    choose(district(4))
    await vote(town.as('anna'))
    expect(town.choices()).toEqual(['paper district area north choices 4'])
    expect(new Set(town.requests).size).toBe(1)
  })

  it('with what was sent first, once there is a credential', async () => {
    choose(district(1))
    town.faults = [1, 2, 3, 4].map(() => ({ at: 'cast', when: 'after', code: 'offline' }))
    await expect(vote(town.as('anna'))).rejects.toThrow()
    choose(district(4))
    await vote(town.as('anna'))
    expect(town.choices()).toEqual(['paper district area north choices 1'])
  })
})

describe('a browser that several people use', () => {
  it('never casts one person’s ballot with the next person’s right', async () => {
    choose(district(1))
    town.faults = [1, 2, 3, 4].map(() => ({ at: 'credential', when: 'after', code: 'offline' }))
    await expect(vote(town.as('anna'))).rejects.toThrow()
    choose(district(4))
    await vote(town.as('bertta'))
    expect(town.choices()).toEqual(['paper district area north choices 4'])
    await vote(town.as('anna'))
    expect(town.choices()).toEqual(['paper district area north choices 1', 'paper district area north choices 4'])
    expect(receipts('r')).toHaveLength(2)
  })

  it('lets a ballot be finished that has its credential, without any sign-in', async () => {
    choose(district(1))
    town.faults = [1, 2, 3, 4].map(() => ({ at: 'cast', when: 'before', code: 'too_busy' }))
    const voting = town.as('anna')
    await expect(vote(voting)).rejects.toMatchObject({ code: 'too_busy' })
    expect(town.ballots.size).toBe(0)
    expect(await finish({ manifest, box: voting.box, pause: voting.pause })).toHaveLength(1)
    expect(town.choices()).toEqual(['paper district area north choices 1'])
    expect(readBasket('r')).toEqual({})
  })
})

describe('refusals', () => {
  it('says so when the right is spent and nothing here belongs to it', async () => {
    choose(district(1))
    await vote(town.as('anna'))
    localStorage.clear()
    choose(district(1))
    await expect(vote(town.as('anna'))).rejects.toMatchObject({ reason: 'spent' })
    expect(town.ballots.size).toBe(1)
  })

  it('says so when the right is spent elsewhere in the same moment', async () => {
    choose(district(1))
    town.signed.set('anna district', { blinded: 'another', signature: '' })
    const voting = town.as('anna')
    voting.office.rights = () => Promise.resolve(town.rights)
    await expect(vote(voting)).rejects.toMatchObject({ reason: 'spent' })
    expect(envelopes('r')).toEqual([])
  })

  it('still casts the other paper when one is spent', async () => {
    choose({ ...district(1), city: { area: 'all', picks: { all: [3] } } })
    town.rights.papers[0] = { paper: 'district', spent: true, channel: 'paper' }
    await vote(town.as('anna'))
    expect(town.choices()).toEqual(['paper city area all choices 3'])
  })

  it('takes no promise under another manifest for its own', async () => {
    choose(district(1))
    const voting = town.as('anna')
    await expect(vote({ ...voting, manifest: { ...manifest, digest: '0'.repeat(64) } })).rejects.toMatchObject({
      reason: 'distrusted',
    })
  })

  it('trusts no credential that the issuer in the manifest did not sign', async () => {
    choose(district(1))
    const voting = town.as('anna')
    voting.office.credential = () => Promise.resolve(toBase64(new Uint8Array(256).fill(5)))
    await expect(vote(voting)).rejects.toMatchObject({ reason: 'distrusted' })
    expect(town.posts).toEqual([])
  })

  it.each([
    ['changed', (note: string) => note.replace('seq 1', 'seq 2')],
    ['unsigned', (note: string) => note.replace(/\u2014[^]*/, '')],
    [
      'signed for another ballot',
      (note: string) => signNote(bodyOf(note).replace(/commit .{64}/, `commit ${'0'.repeat(64)}`)),
    ],
    [
      'signed for another voter',
      (note: string) => signNote(bodyOf(note).replace(/nullifier .{64}/, `nullifier ${'0'.repeat(64)}`)),
    ],
    ['signed for another log', (note: string) => signNote(bodyOf(note).replace('log osbu/r', 'log osbu/s'))],
  ])('trusts no promise %s, and keeps the ballot to ask again', async (_, forge) => {
    choose(district(1))
    const voting = town.as('anna')
    const { cast } = voting.box
    voting.box.cast = async (body) => await forge(await cast(body))
    await expect(vote(voting)).rejects.toBeInstanceOf(Stopped)
    expect(receipts('r')).toEqual([])
    expect(envelopes('r')).toHaveLength(1)
    await vote(town.as('anna'))
    expect(receipts('r')).toHaveLength(1)
    expect(town.ballots.size).toBe(1)
  })

  it('leaves the basket as it was when voting has closed', async () => {
    choose(district(1))
    town.faults = [{ at: 'credential', when: 'before', code: 'voting_closed' }]
    await expect(vote(town.as('anna'))).rejects.toMatchObject({ code: 'voting_closed' })
    expect(readBasket('r')).toEqual(district(1))
  })
})

describe('a recovery code', () => {
  const code = newCode()
  const lost = (at: 'credential' | 'cast', when: 'before' | 'after', times = 4) => {
    town.faults = Array.from({ length: times }, () => ({ at, when, code: 'offline' as const }))
  }
  /** The browser is lost with all that it kept. */
  const newBrowser = () => {
    localStorage.clear()
    town.faults = []
  }

  it('brings the vote to the end in another browser, with choices made anew', async () => {
    choose({ ...district(1), city: { area: 'all', picks: { all: [3] } } })
    lost('cast', 'before')
    await expect(vote(town.as('anna', code))).rejects.toMatchObject({ code: 'offline' })
    newBrowser()
    await expect(recover(town.as('anna again'), code.toLowerCase())).resolves.toEqual(['district'])
    expect(envelopes('r').map(({ ballot }) => ballot)).toEqual([''])
    choose({ ...district(4), city: { area: 'all', picks: { all: [6] } } })
    expect(await vote(town.as('anna again'))).toHaveLength(2)
    expect(town.choices()).toEqual(['paper city area all choices 6', 'paper district area north choices 4'])
    expect(town.signed.size).toBe(2)
    expect(envelopes('r')).toEqual([])
  })

  it('does so too when the credential’s own answer was lost, and for a code made only then', async () => {
    choose(district(1))
    lost('credential', 'after')
    await expect(vote(town.as('anna'))).rejects.toMatchObject({ code: 'offline' })
    expect(town.left.size).toBe(0)
    lost('cast', 'before')
    await expect(vote(town.as('anna', code))).rejects.toMatchObject({ code: 'offline' })
    newBrowser()
    await recover(town.as('anna again'), code)
    choose(district(4))
    await vote(town.as('anna again'))
    expect(town.choices()).toEqual(['paper district area north choices 4'])
    expect(new Set(town.requests).size).toBe(1)
  })

  it('can be made when only the box does not answer, and its keeping holds up no ballot', async () => {
    choose(district(1))
    lost('cast', 'before')
    await expect(vote(town.as('anna'))).rejects.toThrow()
    const late = town.as('anna', code)
    lost('cast', 'before')
    await expect(vote(late)).rejects.toThrow()
    expect(town.left.size).toBe(1)
    const before = envelopes('r')[0]?.recovery
    expect(before && toBase64(before)).toBe(town.left.get('anna district'))

    town.left.clear()
    const { id, recovery, ...rest } = envelopes('r')[0] ?? { id: '' }
    expect(recovery).toBeDefined()
    localStorage.clear()
    keepEnvelope('r', { id, ...rest } as Envelope)
    town.faults = [{ at: 'credential', when: 'before', code: 'offline' }]
    expect(await vote(town.as('anna', code))).toHaveLength(1)
    expect(town.left.size).toBe(0)
  })

  it('leaves with the office nothing that it could read', async () => {
    choose(district(1))
    lost('cast', 'before')
    await expect(vote(town.as('anna', code))).rejects.toThrow()
    const [envelope] = envelopes('r')
    const left = toHex(fromBase64(town.left.get('anna district') ?? ''))
    expect(left).toHaveLength(652 * 2)
    for (const part of ['secret', 'prepared', 'inverse', 'blinded', 'credential'] as const)
      expect(left).not.toContain(toHex((envelope?.[part] ?? new Uint8Array()).slice(0, 8)))
    expect(JSON.stringify({ ...localStorage })).not.toContain(code.slice(0, 9))
    expect(JSON.stringify({ ...localStorage })).not.toContain(code.replace(/-/g, '').slice(0, 8))
  })

  it('is sent as the same bytes again after a lost answer', async () => {
    choose(district(1))
    const voting = town.as('anna', code)
    const sent: (string | undefined)[] = []
    const { credential } = voting.office
    voting.office.credential = (paper, blinded, recovery) => {
      sent.push(recovery)
      return credential(paper, blinded, recovery)
    }
    town.faults = [{ at: 'credential', when: 'after', code: 'offline' }]
    await vote(voting)
    expect(sent).toHaveLength(2)
    expect(sent[0]).toBeDefined()
    expect(sent[1]).toBe(sent[0])
  })

  it('of another tab stays good, and the vote goes on', async () => {
    choose(district(1))
    lost('credential', 'after')
    await expect(vote(town.as('anna', code))).rejects.toThrow()
    town.left.set('anna district', 'of another tab')
    expect(await vote(town.as('anna', newCode()))).toHaveLength(1)
    expect(town.left.get('anna district')).toBe('of another tab')
  })

  it.each([
    ['a wrong code', newCode(), 'anna', 'locked'],
    ['no code at all', 'hello', 'anna', 'locked'],
    ['somebody else', code, 'bertta', 'nothing_left'],
  ])('does not open for %s', async (_, typed, person, reason) => {
    choose(district(1))
    lost('cast', 'before')
    await expect(vote(town.as('anna', code))).rejects.toThrow()
    newBrowser()
    await expect(recover(town.as(person), typed)).rejects.toMatchObject({ reason })
    expect(envelopes('r')).toEqual([])
  })

  it('does not open what the office has changed', async () => {
    choose(district(1))
    lost('cast', 'before')
    await expect(vote(town.as('anna', code))).rejects.toThrow()
    newBrowser()
    const bytes = fromBase64(town.left.get('anna district') ?? '')
    town.left.set('anna district', toBase64(bytes.map((byte, index) => (index === 100 ? byte ^ 1 : byte))))
    await expect(recover(town.as('anna'), code)).rejects.toMatchObject({ reason: 'locked' })
  })

  it('finds nothing where none was made, or the right was used on paper', async () => {
    choose(district(1))
    lost('cast', 'before')
    await expect(vote(town.as('anna'))).rejects.toThrow()
    newBrowser()
    await expect(recover(town.as('anna'), code)).rejects.toMatchObject({ reason: 'nothing_left' })
    town.left.set('bertta district', toBase64(new Uint8Array(652)))
    town.rights.papers[0] = { paper: 'district', spent: true, channel: 'paper' }
    await expect(recover(town.as('bertta'), code)).rejects.toMatchObject({ reason: 'nothing_left' })
  })

  it('says so when the lost browser had cast the ballot already', async () => {
    choose(district(1))
    lost('cast', 'after')
    await expect(vote(town.as('anna', code))).rejects.toThrow()
    newBrowser()
    await recover(town.as('anna'), code)
    choose(district(4))
    await expect(vote(town.as('anna'))).rejects.toMatchObject({ reason: 'cast_before' })
    expect(town.choices()).toEqual(['paper district area north choices 1'])
    expect(envelopes('r')).toEqual([])
    expect(readBasket('r')).toEqual({})
  })

  it('fills nobody else’s choices into what it recovered', async () => {
    choose(district(1))
    lost('cast', 'before')
    await expect(vote(town.as('anna', code))).rejects.toThrow()
    newBrowser()
    await recover(town.as('anna'), code)
    choose(district(4))
    await vote(town.as('bertta'))
    expect(town.choices()).toEqual(['paper district area north choices 4'])
    expect(envelopes('r').map(({ ballot }) => ballot)).toEqual([''])
    // Signed in anew she types the code once more: one envelope, hers.
    await recover(town.as('anna again'), code)
    expect(envelopes('r').map(({ owner }) => owner)).toEqual(['anna again'])
    choose(district(1))
    await vote(town.as('anna again'))
    expect(town.choices()).toHaveLength(2)
  })

  it('casts nothing as long as nothing is chosen', async () => {
    choose(district(1))
    lost('cast', 'before')
    await expect(vote(town.as('anna', code))).rejects.toThrow()
    newBrowser()
    await recover(town.as('anna'), code)
    town.posts = []
    expect(await vote(town.as('anna'))).toEqual([])
    expect(town.posts).toEqual([])
    expect(envelopes('r')).toHaveLength(1)
  })

  it('leaves an envelope as it is in the browser that began it', async () => {
    choose(district(1))
    lost('cast', 'before')
    await expect(vote(town.as('anna', code))).rejects.toThrow()
    town.faults = []
    const before = envelopes('r')
    expect(await recover(town.as('anna'), code)).toEqual(['district'])
    expect(envelopes('r')).toEqual(before)
    town.faults = [1, 2, 3, 4].map(() => ({ at: 'recovery', when: 'before', code: 'offline' }))
    await expect(recover(town.as('anna'), code)).rejects.toMatchObject({ code: 'offline' })
  })
})

it('marks a sign-in without telling its token', async () => {
  expect(await ownerId('token')).toMatch(/^[0-9a-f]{32}$/)
  expect(await ownerId('token')).not.toBe(await ownerId('another'))
})
