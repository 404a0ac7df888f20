// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { credentialMessage } from './ballot'
import { random, toHex, type Bytes } from './bytes'
import { publicKey, type Blinding } from './credential'
import { lock, Locked, newCode, readCode, unlock } from './recovery'

async function blinding(): Promise<Blinding> {
  const secret = random(32)
  const prepared = new Uint8Array([...random(32), ...(await credentialMessage('r', 'main', await publicKey(secret)))])
  return { secret, prepared, inverse: random(256), blinded: random(256) }
}

const flipped = (bytes: Bytes, at: number): Bytes => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte))

describe('a recovery code', () => {
  it('has seven groups of four, and is another one each time', () => {
    const codes = Array.from({ length: 200 }, newCode)
    for (const code of codes) expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/)
    expect(new Set(codes).size).toBe(200)
    // Of 200 × 27 characters each of the 32 comes up: no bit stands still.
    expect(new Set(codes.join('').replace(/-/g, '')).size).toBe(32)
  })

  it('is read however it is typed', () => {
    const plain = '0123456789ABCDEFGHJKMNPQRST'
    const code = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'].map((check) => plain + check).find(readCode) ?? ''
    expect(readCode(code)).toBe(code)
    expect(readCode(code.toLowerCase().replace(/(.{4})/g, '$1 '))).toBe(code)
    expect(readCode(code.replace(/(.{4})(?=.)/g, '$1–'))).toBe(code)
    expect(readCode(code.replace('0', 'o').replace('1', 'l'))).toBe(code)
    expect(readCode(code.replace('1', 'I'))).toBe(code)
  })

  it('tells of every single wrong character, and of neighbours swapped', () => {
    const code = readCode(newCode()) ?? ''
    expect(code).toHaveLength(28)
    for (let at = 0; at < code.length; at++) {
      for (const other of '0123456789ABCDEFGHJKMNPQRSTVWXYZ') {
        if (other !== code[at]) expect(readCode(code.slice(0, at) + other + code.slice(at + 1))).toBeUndefined()
      }
      const [one = '', two = ''] = code.slice(at, at + 2)
      // Luhn's check does not see the first and the last character of the alphabet change places.
      if (one === two || `${one}${two}` === '0Z' || `${one}${two}` === 'Z0') continue
      if (two) expect(readCode(code.slice(0, at) + two + one + code.slice(at + 2))).toBeUndefined()
    }
  })

  it.each(['', 'U', '0'.repeat(27), '0'.repeat(29), 'U'.repeat(28), '7KQ2-M0XT-4R9B-ZC5H'])('%j is none', (text) => {
    expect(readCode(text)).toBeUndefined()
  })
})

describe('what is locked with a code', () => {
  it('opens with it in another browser, and tells nothing without', async () => {
    const [code, mine] = [newCode(), await blinding()]
    const locked = await lock(code, 'r', 'main', mine)
    expect(locked).toHaveLength(652)
    expect(await unlock(code.toLowerCase().replace(/-/g, ' '), 'r', 'main', locked)).toEqual(mine)
    for (const part of Object.values(mine) as Bytes[]) expect(toHex(locked)).not.toContain(toHex(part.slice(0, 8)))
    expect(toHex(await lock(code, 'r', 'main', mine))).not.toBe(toHex(locked))
  })

  it('stays locked with another code, for another round or paper, cut, or with one bit changed', async () => {
    const code = newCode()
    const locked = await lock(code, 'r', 'main', await blinding())
    const tries: [string, string, string, Bytes][] = [
      [newCode(), 'r', 'main', locked],
      ['0'.repeat(27), 'r', 'main', locked],
      [code, 's', 'main', locked],
      [code, 'r', 'other', locked],
      [code, 'r', 'main', locked.slice(0, -1)],
      [code, 'r', 'main', new Uint8Array()],
      ...[0, 11, 12, 300, 651].map((at): [string, string, string, Bytes] => [code, 'r', 'main', flipped(locked, at)]),
    ]
    for (const [typed, round, paper, bytes] of tries)
      await expect(unlock(typed, round, paper, bytes)).rejects.toThrow(Locked)
  })

  it('is refused when the message is not that of the key', async () => {
    const code = newCode()
    const mine = await blinding()
    await expect(
      unlock(code, 'r', 'main', await lock(code, 'r', 'main', { ...mine, secret: random(32) })),
    ).rejects.toThrow(Locked)
    await expect(
      unlock(code, 'r', 'main', await lock(code, 'r', 'main', { ...mine, blinded: random(300) })),
    ).rejects.toThrow(Locked)
  })
})
