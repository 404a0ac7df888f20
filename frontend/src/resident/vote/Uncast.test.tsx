// @vitest-environment jsdom
import { act } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { MemoryRouter } from '@/lib/router'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Round } from '@/data/round'
import { readBasket } from './basket'
import { Uncast } from './Uncast'

let root: Root
vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)

const times = {
  proposing: { opens: '2026-01-01T10:00:00Z', closes: '2026-02-01T10:00:00Z' },
  vetting: { opens: '2026-02-01T10:00:00Z', closes: '2026-08-01T10:00:00Z' },
  voting: { opens: '2026-09-01T06:00:00Z', closes: '2026-10-01T13:00:00Z' },
}
const papers = [
  { id: 'own', name: { fi: 'Oma alue' } },
  { id: 'all', name: { fi: 'Koko kaupunki' } },
]
const at = (now: string) =>
  ({ id: 'r', phase: 'voting', times, now, settings: { papers, areas: [] } }) as unknown as Round

const show = (now: string) => {
  act(() => {
    root.render(
      <MemoryRouter>
        <Uncast round={at(now)} />
      </MemoryRouter>,
    )
  })
  return document.body.textContent
}
const open = '2026-09-10T00:00:00Z'
const over = '2026-10-01T13:00:00Z'
const keep = (what: string, value: unknown) => {
  localStorage.setItem(`osbu.vote.r.${what}`, JSON.stringify(value))
}

beforeEach(() => {
  localStorage.clear()
  const page = document.createElement('div')
  document.body.append(page)
  root = createRoot(page)
})

afterEach(() => {
  act(() => {
    root.unmount()
  })
  document.body.replaceChildren()
})

it('says what is chosen and not cast', () => {
  keep('basket', { own: { area: 'a', picks: { a: [3] } } })
  expect(show(open)).toContain('uncast.heading')
  expect(document.querySelector('a')?.getAttribute('href')).toMatch(/\/rounds\/r\/vote\/review$/)
})

it.each([
  ['nothing', {}],
  ['no pick', { own: { area: 'a', picks: { a: [] } } }],
  ['a paper left unused', { own: { picks: { a: [3] }, skipped: true } }],
])('says nothing of %s', (_, basket) => {
  keep('basket', basket)
  expect(show(open)).toBe('')
})

it('names the paper that has no receipt yet', () => {
  keep('receipts', [{ paper: 'own', commit: 'c', promise: 'p' }])
  expect(show(open)).toContain('uncast.other')
  expect(document.querySelector('a')?.getAttribute('href')).toMatch(/\/vote\/paper\/all$/)
})

it('removes choices and secrets once the vote is over, says so, and keeps receipts', () => {
  keep('basket', { own: { area: 'a', picks: { a: [3] } } })
  keep('envelope.0102', { secret: 'c2VjcmV0' })
  keep('receipts', [{ paper: 'own', commit: 'c', promise: 'p' }])
  expect(show(over)).toContain('uncast.over')
  expect(readBasket('r')).toEqual({})
  expect(Object.keys(localStorage)).toEqual(['osbu.vote.r.receipts'])
})
