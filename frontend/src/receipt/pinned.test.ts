// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest'
import vectors from '../../../domain/box/testdata/vectors.json'
import { Problem } from '@/lib/problem'
import { checkCode } from './crypto/checkCode'
import { fromHex } from './crypto/bytes'
import type { Manifest } from './crypto/manifest'
import { cosigning, parseNoteKey } from './crypto/note'
import { pin } from './pinned'
import type { ManifestProof, PublicLog } from './publicLog'

const manifest: Manifest = {
  round: 'r1',
  name: { fi: 'r1' },
  rehearsal: false,
  areas: [],
  papers: [],
  projects: [],
  conflicts: [],
  log: await parseNoteKey(vectors.log_key),
  logKey: vectors.log_key,
  digest: `07${'0'.repeat(62)}`,
  checkCode: '0W00-0000-0000',
  witnesses: [],
}
const witnessed = { ...manifest, witnesses: [await parseNoteKey(vectors.witness, cosigning)] }
const personal = { ...manifest, digest: `08${'0'.repeat(62)}` }

/** The proof under the checkpoint of so many leaves. */
const proofOf = (size: number, notes = vectors.checkpoints): ManifestProof => ({
  proof: vectors.inclusion.find((one) => one.index === 0 && one.size === size)?.proof ?? [],
  checkpoint: notes[size - 1] ?? '',
})

/** The public log of the vectors, with so many leaves; answers may be others. */
function logOf(size: number, answers: Partial<PublicLog> = {}): PublicLog {
  const unasked = () => Promise.reject(new Error('not asked here'))
  return {
    receipt: unasked,
    checkpoint: unasked,
    manifestProof: () => Promise.resolve(proofOf(size)),
    consistency: (from, to) =>
      Promise.resolve(vectors.consistency.find((one) => one.from === from && one.to === to)?.proof ?? []),
    ...answers,
  }
}

beforeEach(() => {
  localStorage.clear()
})

describe('a manifest', () => {
  it('is taken if it is the first leaf of the log, and again while the log grows', async () => {
    for (const size of [1, 1, 2, 7, 10]) await pin(manifest, logOf(size))
  })

  it.each<[string, Manifest, ManifestProof]>([
    ['that is not in the log', personal, proofOf(7)],
    ['with the proof of another size', manifest, { ...proofOf(7), proof: proofOf(5).proof }],
    ['with hashes that are none', manifest, { ...proofOf(7), proof: ['?'] }],
    ['without a proof', manifest, { ...proofOf(7), proof: [] }],
    [
      'under a checkpoint that nobody signed',
      manifest,
      { ...proofOf(7), checkpoint: proofOf(7).checkpoint.replace('\n7\n', '\n8\n') },
    ],
    ['under no checkpoint', manifest, { ...proofOf(7), checkpoint: '<html>' }],
  ])('%s stops', async (_, shown, proof) => {
    const log = logOf(7, { manifestProof: () => Promise.resolve(proof) })
    await expect(pin(shown, log)).rejects.toMatchObject({ reason: 'unproven' })
    await pin(manifest, logOf(1)) // nothing was kept of it
  })

  it('that names witnesses wants a cosignature of one of them', async () => {
    await expect(pin(witnessed, logOf(7))).rejects.toMatchObject({ reason: 'unwitnessed' })
    const cosigned = (notes: string[]) => logOf(7, { manifestProof: () => Promise.resolve(proofOf(7, notes)) })
    await pin(witnessed, cosigned(vectors.cosigned))
    const ofAnother = vectors.checkpoints.map(
      (note, index) => note + (vectors.cosigned[(index + 1) % 10] ?? '').split('\n').slice(-2).join('\n'),
    )
    await expect(pin(witnessed, cosigned(ofAnother))).rejects.toMatchObject({ reason: 'unwitnessed' })
  })

  it('is the same at every visit, whatever the service shows', async () => {
    await pin(manifest, logOf(2))
    await expect(pin(personal, logOf(7))).rejects.toMatchObject({ reason: 'another_manifest' })
    await expect(pin(manifest, logOf(1))).rejects.toMatchObject({ reason: 'another_log' })
    const forked = logOf(7, { consistency: () => Promise.resolve([]) })
    await expect(pin(manifest, forked)).rejects.toMatchObject({ reason: 'another_log' })
    const denied = logOf(7, { consistency: () => Promise.reject(new Problem('not_found')) })
    await expect(pin(manifest, denied)).rejects.toMatchObject({ reason: 'another_log' })
    await pin(manifest, logOf(7))
  })

  it('is neither taken nor refused while the log cannot be asked', async () => {
    const offline = () => Promise.reject(new Problem('offline'))
    await expect(pin(manifest, logOf(2, { manifestProof: offline }))).rejects.toMatchObject({ code: 'offline' })
    await pin(manifest, logOf(2))
    await expect(pin(manifest, logOf(7, { consistency: offline }))).rejects.toMatchObject({ code: 'offline' })
    await pin(manifest, logOf(7))
  })
})

it.each([
  ['0000000000000000', '0000-0000-0000'],
  ['ffffffffffffffff', 'ZZZZ-ZZZZ-ZZZZ'],
  ['0123456789abcdef', '04HM-ASW9-NF6Y'],
  ['f7ffffffffffffff', 'YZZZ-ZZZZ-ZZZZ'],
])('%s has the check code %s, as domain/code_test.go says', (digest, code) => {
  expect(checkCode(fromHex(digest + '0'.repeat(48)))).toBe(code)
})
