// @vitest-environment node
import { describe, expect, it } from 'vitest'
// Made by domain/box, which checks it, too: what the box proves must hold here, and nothing else.
import vectors from '../../../../domain/box/testdata/vectors.json'
import { fromBase64, toBase64, type Bytes } from './bytes'
import { openCheckpoint } from './checkpoint'
import type { Manifest } from './manifest'
import { isConsistent, isIncluded, leafHash, type Tree } from './merkle'
import { parseNoteKey } from './note'
import { checkReceipt, readReceipt, waits, type Flaw, type ReceiptFile } from './receipt'

const log = await parseNoteKey(vectors.log_key)
const manifest: Manifest = {
  round: 'r1',
  name: { fi: 'r1' },
  rehearsal: false,
  areas: [],
  papers: [],
  projects: [],
  conflicts: [],
  log,
  logKey: vectors.log_key,
  digest: `07${'0'.repeat(62)}`,
  checkCode: '0W00-0000-0000',
  witnesses: [],
}
const trees = await Promise.all(vectors.checkpoints.map((note) => openCheckpoint(note, log)))
const tree = (size: number): Tree => trees[size - 1] ?? { size: 0, root: new Uint8Array() }
const hashes = (proof: string[] | null): Bytes[] => (proof ?? []).map(fromBase64)
const flipped = (bytes: Bytes): Bytes => bytes.map((byte, index) => (index === 5 ? byte ^ 1 : byte))

describe('a checkpoint', () => {
  it('says how many leaves there are', () => {
    expect(trees.map(({ size }) => size)).toEqual(vectors.leaves.map((_, index) => index + 1))
  })

  it.each([
    ['another size', (note: string) => note.replace('\n10\n', '\n11\n')],
    ['another log’s name', (note: string) => note.replaceAll('osbu/r1', 'osbu/r2')],
    ['no signature', (note: string) => note.replace(/\u2014.*/, '')],
    ['a promise’s text', () => vectors.receipts.waits.promise],
    ['nothing', () => ''],
  ])('with %s is none', async (_, spoil) => {
    await expect(openCheckpoint(spoil(vectors.checkpoints[9] ?? ''), log)).rejects.toThrow()
  })
})

describe('the tree (RFC 6962)', () => {
  it('proves every leaf under every size, and no other leaf, place or root', async () => {
    for (const { index, size, proof } of vectors.inclusion) {
      const leaf = await leafHash(vectors.leaves[index] ?? '')
      const { root } = tree(size)
      const path = hashes(proof)
      expect(await isIncluded(leaf, index, size, path, root)).toBe(true)
      expect(await isIncluded(flipped(leaf), index, size, path, root)).toBe(false)
      expect(await isIncluded(leaf, index, size, path, flipped(root))).toBe(false)
      expect(await isIncluded(leaf, index, size, [...path, root], root)).toBe(false)
      for (const other of [-1, index - 1, index + 1, size])
        expect(await isIncluded(leaf, other, size, path, root)).toBe(false)
      if (path.length > 0) expect(await isIncluded(leaf, index, size, path.slice(1), root)).toBe(false)
      for (const at of path.keys()) {
        const changed = path.map((hash, place) => (place === at ? flipped(hash) : hash))
        expect(await isIncluded(leaf, index, size, changed, root)).toBe(false)
      }
    }
  })

  it('proves that every size begins with every smaller one, and with nothing else', async () => {
    for (const { from, to, proof } of vectors.consistency) {
      const [before, after, path] = [tree(from), tree(to), hashes(proof)]
      expect(await isConsistent(before, after, path)).toBe(true)
      expect(await isConsistent({ ...before, root: flipped(before.root) }, after, path)).toBe(false)
      expect(await isConsistent(before, { ...after, root: flipped(after.root) }, path)).toBe(false)
      expect(await isConsistent(before, after, [...path, after.root])).toBe(false)
      if (from < to) expect(await isConsistent(after, before, path)).toBe(false)
      if (path.length > 0) expect(await isConsistent(before, after, path.slice(1))).toBe(false)
      for (const at of path.keys()) {
        const changed = path.map((hash, place) => (place === at ? flipped(hash) : hash))
        expect(await isConsistent(before, after, changed)).toBe(false)
      }
    }
    expect(await isConsistent({ size: 0, root: tree(1).root }, tree(2), [])).toBe(false)
  })
})

describe('a receipt', () => {
  const files = vectors.receipts as Record<string, ReceiptFile>
  const good = files['in the log'] as ReceiptFile

  it.each(Object.keys(files))('“%s” of the box holds, and is the same after it was saved', async (name) => {
    const file = files[name] as ReceiptFile
    const { promised, logged } = await checkReceipt(readReceipt(JSON.stringify(file)), manifest)
    expect(file.promise).toContain(promised.commit)
    expect(waits(file)).toBe(name === 'waits')
    expect(logged?.index).toBe(file.index)
  })

  const flaws: Record<keyof typeof vectors.refused, Flaw> = {
    format: 'format',
    round: 'round',
    manifest: 'promise',
    promise: 'leaf',
    signature: 'promise',
    leaf: 'leaf',
    paper: 'leaf',
    index: 'proof',
    beyond: 'proof',
    hash: 'proof',
    short: 'proof',
    long: 'proof',
    size: 'proof',
    half: 'checkpoint',
    'no promise': 'promise',
  }
  it.each(Object.entries(vectors.refused))('with a wrong %s is refused, and it is said why', async (name, file) => {
    await expect(checkReceipt(file as ReceiptFile, manifest)).rejects.toMatchObject({
      flaw: flaws[name as keyof typeof flaws],
    })
  })

  it('of another manifest is refused, however true', async () => {
    await expect(checkReceipt(vectors.personal, manifest)).rejects.toMatchObject({ flaw: 'manifest' })
  })

  it('is refused under another key, also when that key has signed it', async () => {
    await expect(
      checkReceipt(good, { ...manifest, logKey: vectors.log_key.replace('r1', 'r2') }),
    ).rejects.toMatchObject({ flaw: 'round' })
    const other = { ...log, key: flipped(log.key) }
    await expect(checkReceipt(good, { ...manifest, log: other })).rejects.toMatchObject({ flaw: 'promise' })
  })

  it('is refused with any character changed, or says the same', async () => {
    const { index } = good
    const text = JSON.stringify(good)
    // Every seventh place: each part of the file is hit many times.
    for (let at = 0; at < text.length; at += 7) {
      const changed = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1)
      const outcome = await (async () => checkReceipt(readReceipt(changed), manifest))().catch(() => undefined)
      if (outcome) expect(outcome.logged?.index).toBe(index)
    }
  })

  it.each([
    '',
    '{}',
    '[]',
    'null',
    '{"format":"osbu/receipt/v2"}',
    'osbu/promise/v2\n',
    JSON.stringify({ ...good, index: '3' }),
    JSON.stringify({ ...good, proof: [1] }),
    JSON.stringify({ ...good, index: 1.5 }),
  ])('is not read from %.40j', (text) => {
    expect(() => readReceipt(text)).toThrow(expect.objectContaining({ flaw: 'format' }))
  })

  it('has a proof of hashes in base64', async () => {
    for (const wrong of ['!!!', '', toBase64(new Uint8Array(31))]) {
      await expect(
        checkReceipt({ ...good, proof: [wrong, ...(good.proof ?? []).slice(1)] }, manifest),
      ).rejects.toMatchObject({ flaw: 'proof' })
    }
  })
})
