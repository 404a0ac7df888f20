// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Problem } from './problem'

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
const session = { signed_in: true, csrf: 'a-token', roles: [], areas: [], divisions: [] }

const asked: Request[] = []
let answer: (request: Request) => Response

beforeEach(() => {
  asked.length = 0
  answer = () => json(session)
  vi.resetModules() // the token is remembered between calls
  vi.stubGlobal('fetch', (request: Request) => {
    asked.push(request)
    return Promise.resolve(answer(request))
  })
})

const load = () => import('./api')

describe('the box', () => {
  it('is never told who asks: no cookie, no referrer, no token', async () => {
    const { box, fetchSession } = await load()
    await fetchSession()
    await box.POST('/box/v1/rounds/{round}/ballots', { params: { path: { round: 'r' } }, body: {} as never })
    const [, cast] = asked
    expect(cast?.credentials).toBe('omit')
    expect(cast?.referrerPolicy).toBe('no-referrer')
    expect(cast?.headers.has('X-CSRF-Token')).toBe(false)
  })
})

describe('the office', () => {
  const write = async () => {
    const { office, ask } = await load()
    return ask(office.DELETE('/api/v1/session'))
  }

  it('gets the session’s token with every write, asked for once', async () => {
    const { office } = await load()
    await office.DELETE('/api/v1/session')
    await office.DELETE('/api/v1/session')
    expect(asked.map(({ method }) => method)).toEqual(['GET', 'DELETE', 'DELETE'])
    expect(asked.slice(1).map(({ headers }) => headers.get('X-CSRF-Token'))).toEqual(['a-token', 'a-token'])
  })

  it('asks for a fresh token after a stale one was refused', async () => {
    const { office, ask } = await load()
    answer = ({ method }) =>
      method === 'GET' ? json(session) : json({ code: 'csrf_failed', status: 403, request_id: 'x' }, 403)
    await expect(ask(office.DELETE('/api/v1/session'))).rejects.toMatchObject({ code: 'csrf_failed' })
    await expect(ask(office.DELETE('/api/v1/session'))).rejects.toMatchObject({ code: 'csrf_failed' })
    expect(asked.map(({ method }) => method)).toEqual(['GET', 'DELETE', 'GET', 'DELETE'])
  })

  it('turns every failure into a problem', async () => {
    answer = () => new Response('<h1>Bad Gateway</h1>', { status: 502 })
    await expect(write()).rejects.toEqual(new Problem('internal', 502))
    answer = () => {
      throw new TypeError('network')
    }
    await expect(write()).rejects.toEqual(new Problem('offline'))
  })
})
