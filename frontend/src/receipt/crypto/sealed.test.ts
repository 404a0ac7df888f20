// @vitest-environment node
import { describe, expect, it } from 'vitest'
import vectors from '../../../../domain/ballot/testdata/sealed.json'
import { castMessage } from './ballot'
import { fromHex, sha256, toHex } from './bytes'
import { sealBallot, sealingInfo, suite } from './sealed'

type Vector = (typeof vectors)[number]

/** What the service does after the close (domain/ballot/sealed.go). */
async function open({ opening_key, round, paper, key }: Vector, sealed: Uint8Array): Promise<string> {
  const recipient = await suite.createRecipientContext({
    recipientKey: await suite.kem.deserializePrivateKey(fromHex(opening_key)),
    enc: sealed.slice(0, 32),
    info: sealingInfo(round, paper),
  })
  const plain = await recipient.open(sealed.slice(32), fromHex(key))
  return new TextDecoder().decode(plain).replace(/\0*$/, '')
}

const commits = async (vector: Vector) => {
  const text = await open(vector, fromHex(vector.sealed))
  return { text, same: toHex(await sha256(new TextEncoder().encode(text))) === vector.commit }
}

describe.each(vectors)('sealed by Go: $name', (vector) => {
  it('opens here as it does there', async () => {
    if (vector.void === 'unopened') return expect(open(vector, fromHex(vector.sealed))).rejects.toThrow()
    const { text, same } = await commits(vector)
    expect(same).toBe(vector.void === '')
    if (same) expect(text).toBe(vector.canonical)
  })

  it('is signed as there', async () => {
    const message = castMessage(fromHex(vector.commit), vector.seq, await sha256(fromHex(vector.sealed)))
    expect(new TextDecoder().decode(message)).toBe(vector.cast_message)
  })
})

describe('a ballot sealed here', () => {
  const [vector] = vectors as [Vector]
  const to = {
    key: fromHex(vector.sealing_key),
    round: vector.round,
    paper: vector.paper,
    voter: fromHex(vector.key),
  }

  it('has the length of every other, and opens to what it was', async () => {
    const sealed = await sealBallot(to, vector.canonical, vector.padded)
    expect(sealed.length).toBe(vector.padded + 48)
    expect(await open(vector, sealed)).toBe(vector.canonical)
    expect((await sealBallot(to, '', vector.padded)).length).toBe(sealed.length)
    expect(toHex(await sealBallot(to, vector.canonical, vector.padded))).not.toBe(toHex(sealed))
  })

  it('opens for no other paper and no other voter’s key', async () => {
    const sealed = await sealBallot(to, vector.canonical, vector.padded)
    await expect(open({ ...vector, paper: 'q' }, sealed)).rejects.toThrow()
    await expect(open({ ...vector, key: vector.sealing_key }, sealed)).rejects.toThrow()
  })

  it('is not sealed if it is longer than its paper allows', async () => {
    await expect(sealBallot(to, vector.canonical, 20)).rejects.toThrow()
  })
})
