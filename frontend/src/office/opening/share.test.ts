// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { fromBase64, toBase64 } from '@/receipt/crypto/bytes'
import { sealBallot } from '@/receipt/crypto/sealed'
import { joinShares, openTrial, readShare, splitKey, type ShareFile } from './share'

/** Whether what is sealed for the public key as the service seals a trial is opened by the private one. */
async function opens(opening: string, key: string) {
  const text = 'a text that has thirty-two bytes'
  const to = { key: fromBase64(key), round: 'r', paper: 'trial', voter: new Uint8Array(32) }
  const sealed = toBase64(await sealBallot(to, text, 32))
  return (await openTrial('r', opening, sealed)) === btoa(text)
}

describe('a key of three, any two of whom open', async () => {
  const { key, codes } = await splitKey(3, 2)
  const [one, two, three] = codes as [string, string, string]
  const other = await splitKey(2, 2)

  it.each([
    [one, two],
    [three, one],
    [two, three],
  ])('opens with two codes', async (...texts) => {
    const joined = await joinShares(texts)
    expect('opening' in joined && (await opens(joined.opening, key))).toBe(true)
    expect('opening' in joined && (await opens(joined.opening, other.key))).toBe(false)
  })

  it('reads codes as people type them, and files', async () => {
    const typed = ` ${one.toLowerCase().replaceAll('-', ' ')}. `
    const file: ShareFile = { format: 'osbu/share/v1', round: 'r', trustee: 2, trustees: 3, needed: 2, code: two }
    const joined = await joinShares([typed, JSON.stringify(file)])
    expect('opening' in joined && (await opens(joined.opening, key))).toBe(true)
  })

  it('says what is wrong with which code', async () => {
    const slip = (one.startsWith('0') ? '1' : '0') + one.slice(1)
    expect(await joinShares([slip, two])).toEqual({ wrong: ['unreadable', undefined] })
    expect(await joinShares([one, ''])).toEqual({ wrong: [undefined, 'unreadable'] })
    expect(await joinShares([one, one])).toEqual({ wrong: [undefined, 'twice'] })
    expect(await joinShares([one, other.codes[0] ?? ''])).toEqual({ wrong: [undefined, 'another'] })
    expect(await readShare('{"format":"osbu/share/v1"}')).toBeUndefined()
  })

  it('is noticed to be wrong in any one letter', async () => {
    for (let at = 0; at < one.length; at++) {
      if (one[at] === '-') continue
      const letter = one[at] === 'A' ? 'B' : 'A'
      expect(await readShare(one.slice(0, at) + letter + one.slice(at + 1))).toBeUndefined()
    }
  })

  it('does not open with one code alone', async () => {
    const { opening } = (await joinShares([one, two])) as { opening: string }
    const alone = await readShare(one)
    expect(alone?.share.length).toBe(33)
    expect(await opens(Buffer.from(alone?.share.slice(0, 32) ?? []).toString('base64'), key)).toBe(false)
    expect(await opens(opening, key)).toBe(true)
  })
})
