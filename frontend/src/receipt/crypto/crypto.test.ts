// @vitest-environment node
import { getPublicKeyAsync } from '@noble/ed25519'
import { describe, expect, it } from 'vitest'
import vectors from '../../../../domain/ballot/testdata/vectors.json'
import { castMessage, commitment, credentialMessage, encodeBallot, type Vote } from './ballot'
import { fromBase64, fromHex, toBase64, toHex, utf8 } from './bytes'
import { blind, isCredential, publicKey, readIssuer, signCast, unblind } from './credential'
import { openNote, parseNoteKey, splitNote } from './note'
// Made once by Go: circl 1.6.5 signed a message that blindrsa-ts had blinded, and made a credential alone; golang.org/x/mod signed the notes.
import go from './testdata/go.json'

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

describe.each(vectors.ballots)('the ballot “$name” of domain/ballot', (vector) => {
  it('has the same canonical text, whatever order its choices come in', () => {
    const ballot = { ...vector, kind: vector.kind as Vote['kind'], salt: fromHex(vector.salt) }
    expect(encodeBallot(ballot)).toBe(vector.canonical)
    const turned = { ...ballot, choices: vector.choices.toReversed(), points: vector.points?.toReversed() }
    if (ballot.kind === 'ranking' && ballot.choices.length > 0)
      expect(encodeBallot(turned)).not.toBe(vector.canonical) // whose order is what it says
    else expect(encodeBallot(turned)).toBe(vector.canonical)
  })

  it('has the same commitment, messages and signature', async () => {
    const commit = await commitment(vector.canonical)
    expect(toHex(commit)).toBe(vector.commit)
    expect(toHex(await publicKey(fromHex(vector.seed)))).toBe(vector.key)
    expect(toHex(await credentialMessage(vector.round, vector.paper, fromHex(vector.key)))).toBe(
      vector.credential_message,
    )
    expect(text(castMessage(commit, vector.seq))).toBe(vector.cast_message)
    expect(toHex(await signCast(fromHex(vector.seed), commit, vector.seq))).toBe(vector.signature)
  })
})

describe('a ballot that is none', () => {
  const good = { round: 'r', paper: 'main', area: 'a', choices: [1, 2], salt: new Uint8Array(32) }
  it.each([
    ['a project twice', { choices: [1, 1] }],
    ['project 0', { choices: [0] }],
    ['half a project', { choices: [1.5] }],
    ['a number too large', { choices: [1_000_000] }],
    ['too many choices', { choices: Array.from({ length: 1001 }, (_, index) => index + 1) }],
    ['an area with a newline', { area: 'a\nchoices 3' }],
    ['an area in capitals', { area: 'A' }],
    ['no paper', { paper: '' }],
    ['points of picks', { points: [1, 1] }],
    ['points for one of two', { kind: 'points' as const, points: [1] }],
    ['no points', { kind: 'points' as const }],
    ['points of 0', { kind: 'points' as const, points: [1, 0] }],
    ['half a point', { kind: 'points' as const, points: [1, 0.5] }],
    ['too many points', { kind: 'points' as const, points: [1, 100_001] }],
    ['a project ranked twice', { kind: 'ranking' as const, choices: [2, 1, 2] }],
    ['a short salt', { salt: new Uint8Array(31) }],
  ])('%s is refused', (_, fault) => {
    expect(() => encodeBallot(good)).not.toThrow()
    expect(() => encodeBallot({ ...good, ...fault })).toThrow()
  })
})

describe('blind signatures (RFC 9474)', () => {
  const prepared = fromBase64(go.prepared)
  const blinding = { prepared, inverse: fromBase64(go.inverse) }

  it('take the blinding off what circl signed', async () => {
    const issuer = await readIssuer(fromBase64(go.issuer))
    const credential = await unblind(blinding, fromBase64(go.blind_signature), issuer)
    expect(await isCredential(credential, prepared, issuer)).toBe(true)
    expect(toBase64(credential)).not.toBe(go.blind_signature)
  })

  it('know circl’s own credential, and no other message’s', async () => {
    const issuer = await readIssuer(fromBase64(go.issuer))
    expect(await isCredential(fromBase64(go.circl_credential), fromBase64(go.circl_prepared), issuer)).toBe(true)
    expect(await isCredential(fromBase64(go.circl_credential), prepared, issuer)).toBe(false)
  })

  it('refuse an answer with one bit changed', async () => {
    const issuer = await readIssuer(fromBase64(go.issuer))
    const forged = fromBase64(go.blind_signature)
    forged[200] = (forged[200] ?? 0) ^ 1
    await expect(unblind(blinding, forged, issuer)).rejects.toThrow('invalid signature')
  })

  it('blind a fresh key every time, for the message of that key', async () => {
    const issuer = await readIssuer(fromBase64(go.issuer))
    const first = await blind('r', 'main', issuer)
    const second = await blind('r', 'main', issuer)
    for (const part of ['secret', 'prepared', 'inverse', 'blinded'] as const)
      expect(toHex(first[part])).not.toBe(toHex(second[part]))
    expect(first.blinded).toHaveLength(256)
    expect(first.prepared).toHaveLength(80)
    const message = await credentialMessage('r', 'main', new Uint8Array(await getPublicKeyAsync(first.secret)))
    expect(toHex(first.prepared.slice(32))).toBe(toHex(message))
  })

  it('refuse an issuer that is not RSA-2048', async () => {
    const pair = await crypto.subtle.generateKey(
      { name: 'RSA-PSS', hash: 'SHA-384', modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]) },
      true,
      ['sign', 'verify'],
    )
    const der = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey))
    await expect(readIssuer(der)).rejects.toThrow('RSA-2048')
  })
})

describe('signed notes (C2SP)', () => {
  it('open with the key that signed them, alone or among others', async () => {
    const key = await parseNoteKey(go.note_key)
    expect(await openNote(go.note, key)).toBe(go.note_text)
    expect(await openNote(go.note_by_both, key)).toBe(go.note_text)
  })

  it('stay shut for another key of the same name', async () => {
    const key = await parseNoteKey(go.note_key)
    await expect(openNote(go.note_by_other, key)).rejects.toThrow('not signed by this key')
  })

  it('stay shut when a byte of the text or of the signature is changed', async () => {
    const key = await parseNoteKey(go.note_key)
    await expect(openNote(go.note.replace('two', 'twp'), key)).rejects.toThrow('signature is wrong')
    const signed = splitNote(go.note).signatures[0]
    if (!signed) throw new Error('the vector has no signature')
    const forged = Uint8Array.from(signed.signature)
    forged[0] = (forged[0] ?? 0) ^ 1
    const line = `\u2014 ${signed.name} ${toBase64(new Uint8Array([...signed.id, ...forged]))}\n`
    await expect(openNote(`${go.note_text}\n${line}`, key)).rejects.toThrow('signature is wrong')
  })

  it.each(['', 'text\n', 'text\n\n', 'text\n\nno dash AAAAAA==\n', 'text\n\n— name !!\n', go.note.slice(0, -1)])(
    '%j is none',
    (note) => {
      expect(() => splitNote(note)).toThrow('not a signed note')
    },
  )

  it('take no key whose hash is another’s', async () => {
    await expect(parseNoteKey(go.note_key.replace(/\+[0-9a-f]{8}\+/, '+00000000+'))).rejects.toThrow('own hash')
    await expect(parseNoteKey('name+00000000+AAAA')).rejects.toThrow('not an Ed25519')
  })
})

describe('bytes', () => {
  it('are the same after hexadecimal and base64', () => {
    const all = Uint8Array.from({ length: 256 }, (_, index) => index)
    expect([...fromHex(toHex(all))]).toEqual([...all])
    expect([...fromBase64(toBase64(all))]).toEqual([...all])
    expect([...utf8('ä')]).toEqual([0xc3, 0xa4])
  })
  it('refuse what is not canonical', () => {
    expect(() => fromBase64('AB==')).toThrow('canonical')
    expect(() => fromHex('ABCD')).toThrow('hexadecimal')
    expect(() => fromHex('abc')).toThrow('hexadecimal')
  })
})
