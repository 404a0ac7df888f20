import { describe, expect, it } from 'vitest'
import { byUrgency, stageOf, waysOf, type Round } from './round'

const times: Round['times'] = {
  proposing: { opens: '2026-01-01T10:00:00Z', closes: '2026-02-01T10:00:00Z' },
  vetting: { opens: '2026-02-01T10:00:00Z', closes: '2026-08-01T10:00:00Z' },
  voting: { opens: '2026-09-01T06:00:00Z', closes: '2026-10-01T13:00:00Z' },
}
const stage = (phase: Round['phase'], now: string) => stageOf({ phase, times, now }).key

describe('stageOf', () => {
  it('lets residents propose exactly while proposing is open', () => {
    expect(stage('proposing', '2026-01-01T09:59:59Z')).toBe('proposing_soon')
    expect(stage('proposing', '2026-01-01T10:00:00Z')).toBe('proposing')
    expect(stage('proposing', '2026-02-01T09:59:59Z')).toBe('proposing')
    expect(stage('proposing', '2026-02-01T10:00:00Z')).toBe('vetting')
  })

  it('lets residents vote exactly while voting is open', () => {
    expect(stage('voting', '2026-09-01T05:59:59Z')).toBe('voting_soon')
    expect(stageOf({ phase: 'voting', times, now: '2026-09-01T06:00:00Z' }).acts).toContain('vote')
    expect(stageOf({ phase: 'voting', times, now: '2026-10-01T13:00:00Z' }).acts).not.toContain('vote')
    expect(stage('voting', '2026-10-01T13:00:00Z')).toBe('counting')
  })

  it('shows results only once they are published', () => {
    for (const phase of ['closed', 'counted'] as const)
      expect(stageOf({ phase, times, now: '2026-10-02T00:00:00Z' }).acts).not.toContain('results')
    for (const phase of ['delivering', 'archived'] as const)
      expect(stageOf({ phase, times, now: '2026-11-02T00:00:00Z' }).acts).toContain('results')
  })
})

const round = (id: string, phase: Round['phase'], rehearsal = false) =>
  ({ id, phase, times, now: '2026-09-10T00:00:00Z', rehearsal }) as Round

describe('waysOf', () => {
  const next = { ...round('next', 'proposing'), now: '2026-01-15T00:00:00Z' }
  const rounds = [next, round('rehearsal', 'voting', true), round('voting', 'voting'), round('old', 'archived')]
  const ids = (here?: string) => Object.values(waysOf(rounds, here)).map((round: Round | undefined) => round?.id)

  it('leads to both acts, wherever one is', () => {
    expect(ids()).toEqual(['next', 'voting', 'voting', 'old'])
    expect(ids('old')).toEqual(['next', 'voting', 'old', 'old'])
    expect(ids('next')).toEqual(['next', 'voting', 'next', 'old'])
  })

  it('leads into a rehearsal from its own pages alone', () => {
    expect(ids('rehearsal')).toEqual(['next', 'rehearsal', 'rehearsal', 'old'])
  })

  it('leads nowhere where there is nothing', () => {
    expect(Object.values(waysOf([]))).toEqual([undefined, undefined, undefined, undefined])
  })
})

describe('byUrgency', () => {
  it('puts what can be done now first, and rehearsals last', () => {
    const rounds = [
      round('rehearsal', 'voting', true),
      round('old', 'archived'),
      round('vetting', 'vetting'),
      round('voting', 'voting'),
    ]
    expect(byUrgency(rounds).map(({ id }) => id)).toEqual(['voting', 'vetting', 'old', 'rehearsal'])
  })
})
