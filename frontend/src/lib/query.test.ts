import { describe, expect, it } from 'vitest'
import { ask } from './api'
import { Problem } from './problem'
import { asksAgain, pause } from './query'

const refused = (headers: Record<string, string>) =>
  ask(Promise.resolve({ error: 'busy', response: new Response('busy', { status: 503, headers }) })).catch(
    (cause: unknown) => cause,
  )

describe('a server that is too busy', () => {
  it('is asked again when it wants to be, and never by all at once', async () => {
    const busy = await refused({ 'Retry-After': '10' })
    expect([pause(0, busy, 0), pause(5, busy, 0.5), pause(0, busy, 1)]).toEqual([10_000, 12_500, 15_000])
    expect(asksAgain(7, busy)).toBe(true)
    expect(asksAgain(8, busy)).toBe(false)
  })

  it('is asked twice more if it does not say when, each time later', async () => {
    for (const header of [{}, { 'Retry-After': 'Wed, 21 Oct 2026 07:28:00 GMT' }, { 'Retry-After': '-1' }]) {
      const busy = await refused(header as Record<string, string>)
      expect([pause(0, busy, 0), pause(1, busy, 0), pause(2, busy, 0)]).toEqual([1000, 2000, 4000])
      expect(asksAgain(1, busy)).toBe(true)
      expect(asksAgain(2, busy)).toBe(false)
    }
  })

  it('is not waited for longer than a minute at a time', () => {
    expect(pause(0, new Problem('too_busy', 503, [], '', 9999), 0)).toBe(60_000)
  })
})

it('asks nothing again that would fail again', () => {
  expect(asksAgain(0, new Problem('not_found', 404, [], '', 1))).toBe(false)
  expect(asksAgain(0, new Error('ours'))).toBe(false)
})
