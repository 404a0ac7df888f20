// @vitest-environment jsdom
import { expect, it, vi } from 'vitest'
import { callerOf } from './client'

const asked: Request[] = []
vi.stubGlobal('fetch', (request: Request) => {
  asked.push(request)
  return Promise.resolve(new Response(request.method === 'DELETE' ? null : '{"a":1}', { status: 200 }))
})
const caller = callerOf({ credentials: 'omit' })

it('writes paths and queries so that no name ends them', async () => {
  const path = { round: 'a/b?c' }
  await caller.GET('/api/v1/rounds/{round}/similar', { params: { path, query: { text: 'penkki & puu' } } })
  const url = new URL(asked.at(-1)?.url ?? '')
  expect(url.pathname).toBe('/api/v1/rounds/a%2Fb%3Fc/similar')
  expect(url.searchParams.get('text')).toBe('penkki & puu')
})

it('leaves out what is not asked for, and says a list one by one', async () => {
  const query = { area: undefined, kind: ['workshop', 'voting'], limit: 0 } as never
  await caller.GET('/api/v1/rounds/{round}/events', { params: { path: { round: 'r' }, query } })
  expect(new URL(asked.at(-1)?.url ?? '').search).toBe('?kind=workshop&kind=voting&limit=0')
})

it('says that a body is JSON unless it is something else', async () => {
  const params = { path: { round: 'r', proposal: 1 } }
  await caller.POST('/api/v1/rounds/{round}/proposals/{proposal}/appeal', { params, body: { text: 'ä' } })
  expect(asked.at(-1)?.headers.get('Content-Type')).toBe('application/json')
  expect(await asked.at(-1)?.text()).toBe('{"text":"ä"}')
  await caller.POST('/api/v1/rounds/{round}/proposals/{proposal}/images', {
    params,
    body: '',
    bodySerializer: () => 'bytes',
    headers: { 'Content-Type': 'application/octet-stream' },
  })
  expect(asked.at(-1)?.headers.get('Content-Type')).toBe('application/octet-stream')
  expect(await asked.at(-1)?.text()).toBe('bytes')
})

it('reads an answer as JSON or as it is, and nothing from an empty one', async () => {
  const params = { path: { round: 'r' } }
  expect((await caller.GET('/api/v1/rounds/{round}', { params })).data).toEqual({ a: 1 })
  expect((await caller.GET('/api/v1/rounds/{round}', { params, parseAs: 'text' })).data).toBe('{"a":1}')
  expect((await caller.DELETE('/api/v1/mailbox')).data).toBeUndefined()
})
