import { describe, expect, it } from 'vitest'
import type { Schemas } from '@/lib/api'
import { placesOf, runs } from './step'

describe('what a warning is about', () => {
  const round = {
    settings: {
      areas: [{ id: 'south', name: { fi: 'Eteläinen' } }],
      papers: [{ id: 'south', name: { fi: 'Oma alue' } }],
    },
  } as Schemas['Round']

  it('is told by the names of areas and papers, and by the address of what has none', () => {
    const found = { areas: ['south', 'gone'], papers: ['south'], projects: [] }
    expect(placesOf(found, round, ({ fi }) => fi)).toEqual(['Eteläinen', 'gone', 'Oma alue'])
  })

  it('names many projects shortly', () => {
    expect(runs([7, 1, 3, 2, 10, 11, 7])).toBe('1–3, 7, 10, 11')
    expect(runs([])).toBe('')
  })
})
