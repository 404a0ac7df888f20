// @vitest-environment node
import { beforeEach, describe, expect, it } from 'vitest'
import vectors from '../../../domain/box/testdata/vectors.json'
import { Problem, type Code } from '@/lib/problem'
import type { Manifest } from './crypto/manifest'
import { parseNoteKey } from './crypto/note'
import type { ReceiptFile } from './crypto/receipt'
import { examine, find, isAlarm, pauseAfter, readCommit } from './examine'
import type { PublicLog } from './publicLog'

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
const receipts = vectors.receipts as Record<string, ReceiptFile>
const [waiting, inLog, early] = [receipts.waits, receipts['in the log'], receipts.witnessed] as [
  ReceiptFile,
  ReceiptFile,
  ReceiptFile,
]
const commit = /commit (\w+)/.exec(inLog.promise)?.[1] ?? ''
const before = () => Date.parse('2026-11-01T20:00:00Z')
const after = () => before() + 1

/** The public log of the vectors; each part may be made to answer otherwise. */
class Town implements PublicLog {
  asked: string[] = []
  latest = vectors.checkpoints.length
  answer: ReceiptFile | Code = inLog
  note?: string | Code
  proof?: string[] | Code

  receipt = (commit: string) => this.give(`receipt ${commit}`, this.answer)
  checkpoint = () =>
    this.give('checkpoint', this.note ?? (vectors.checkpoints[this.latest - 1] as string), this.note === 'offline')
  manifestProof = () => Promise.reject(new Error('not asked here'))
  consistency = (from: number, to: number) =>
    this.give(
      `from ${from} to ${to}`,
      this.proof ?? vectors.consistency.find((one) => one.from === from && one.to === to)?.proof ?? [],
    )

  private give<T>(
    what: string,
    answer: T | Code,
    fails = typeof answer === 'string' && /^[a-z_]+$/.test(answer),
  ): Promise<T> {
    this.asked.push(what)
    return fails ? Promise.reject(new Problem(answer as Code)) : Promise.resolve(answer as T)
  }
}

let town: Town
beforeEach(() => {
  town = new Town()
})

describe('a receipt that waits', () => {
  it('is completed once the ballot is in the log', async () => {
    const { verdict, file, proven, now } = await examine(waiting, manifest, town, before)
    expect(verdict).toBe('logged')
    expect(file).toEqual(inLog)
    expect(proven?.logged?.index).toBe(3)
    expect(now?.size).toBe(10)
    expect(town.asked).toEqual([`receipt ${commit}`, 'checkpoint'])
  })

  it.each<[string, ReceiptFile | Code, () => number, string]>([
    ['still waits', waiting, before, 'waiting'],
    ['still waits after its time', waiting, after, 'late'],
    ['is not known', 'not_found', before, 'denied'],
    ['is not known after its time', 'not_found', after, 'late'],
    ['cannot be asked for', 'offline', before, 'unreached'],
    ['cannot be asked for after its time', 'too_busy', after, 'unreached'],
    ['gets another ballot’s proof', receipts['last leaf'] as ReceiptFile, before, 'contrary'],
    ['gets half a proof', { ...inLog, checkpoint: undefined } as unknown as ReceiptFile, before, 'contrary'],
    ['gets a proof by another key', { ...inLog, log_key: 'another' }, before, 'contrary'],
  ])('%s: said so', async (_, answer, clock, verdict) => {
    town.answer = answer
    const finding = await examine(waiting, manifest, town, clock)
    expect(finding.verdict).toBe(verdict)
    expect(finding.file).toBe(waiting)
    expect(finding.proven?.promised.commit).toBe(commit)
    expect(isAlarm(finding.verdict)).toBe(['late', 'denied', 'contrary'].includes(verdict))
  })

  it('counts its own promise, whatever the box sends', async () => {
    town.answer = { ...inLog, promise: 'forged' }
    expect((await examine(waiting, manifest, town, before)).file.promise).toBe(waiting.promise)
  })
})

describe('a receipt with its proof', () => {
  it('is held against the log of now, which has grown since', async () => {
    const { verdict, now } = await examine(early, manifest, town, after)
    expect([verdict, now?.size]).toEqual(['logged', 10])
    expect(town.asked).toEqual(['checkpoint', 'from 2 to 10'])
  })

  it('holds against an older checkpoint out of a cache', async () => {
    town.latest = 4
    const { verdict, now } = await examine(inLog, manifest, town, before)
    expect([verdict, now?.size]).toEqual(['logged', 10])
    expect(town.asked).toEqual(['checkpoint', 'from 4 to 10'])
  })

  it('holds by itself when the service cannot be reached', async () => {
    town.note = 'offline'
    const { verdict, now } = await examine(early, manifest, town, before)
    expect([verdict, now]).toEqual(['logged', undefined])
    town = new Town()
    town.proof = 'too_busy'
    expect((await examine(early, manifest, town, before)).verdict).toBe('logged')
  })

  it.each<[string, Partial<Town>, string]>([
    ['a proof that does not lead there', { proof: [] }, 'rewritten'],
    ['hashes that are none', { proof: ['?'] }, 'rewritten'],
    [
      'a checkpoint that nobody signed',
      { note: (vectors.checkpoints[9] ?? '').replace('\n10\n', '\n11\n') },
      'contrary',
    ],
    ['no checkpoint at all', { note: '<html>' }, 'contrary'],
  ])('raises the alarm at %s', async (_, answers, verdict) => {
    Object.assign(town, answers)
    const finding = await examine(early, manifest, town, before)
    expect(finding.verdict).toBe(verdict)
    expect(isAlarm(finding.verdict)).toBe(true)
  })

  it.each(Object.entries(vectors.refused))(
    'that has a wrong %s is untrue, and nothing is asked for it',
    async (_, file) => {
      const finding = await examine(file as ReceiptFile, manifest, town, before)
      expect(finding.verdict).toBe('untrue')
      expect(finding.flaw).toBeDefined()
      expect(finding.proven).toBeUndefined()
      expect(town.asked).toEqual([])
    },
  )
})

it('given under another manifest raises the alarm, and nothing is asked for it', async () => {
  const finding = await examine(vectors.personal, manifest, town, before)
  expect([finding.verdict, isAlarm(finding.verdict)]).toEqual(['personal', true])
  expect(town.asked).toEqual([])
  town.answer = vectors.personal
  expect((await find(commit, manifest, town, before))?.verdict).toBe('contrary')
})

describe('a commit alone', () => {
  it('is looked up, and what is found is checked', async () => {
    expect((await find(commit, manifest, town, before))?.verdict).toBe('logged')
    town.answer = waiting
    expect((await find(commit, manifest, town, before))?.verdict).toBe('waiting')
    expect((await find(commit, manifest, town, after))?.verdict).toBe('late')
  })

  it('that nobody has promised anything for is not found', async () => {
    town.answer = 'not_found'
    expect(await find(commit, manifest, town, before)).toBeUndefined()
    town.answer = 'offline'
    await expect(find(commit, manifest, town, before)).rejects.toMatchObject({ code: 'offline' })
  })

  it('gets no other ballot’s receipt, and no untrue one', async () => {
    town.answer = receipts['last leaf'] as ReceiptFile
    expect((await find(commit, manifest, town, before))?.verdict).toBe('contrary')
    town.answer = vectors.refused.hash as ReceiptFile
    expect((await find(commit, manifest, town, before))?.verdict).toBe('contrary')
  })

  it('is read as it is written on a receipt', () => {
    expect(readCommit(`  ${commit.toUpperCase().replace(/(.{4})/g, '$1 ')}`)).toBe(commit)
    for (const text of ['', commit.slice(1), `${commit}0`, `${commit.slice(1)}g`])
      expect(readCommit(text)).toBeUndefined()
  })
})

it('asks ever more seldom, and never gives up', () => {
  expect([1, 2, 3, 4].map(pauseAfter)).toEqual([3, 6, 12, 24])
  expect(pauseAfter(50)).toBe(600)
})
