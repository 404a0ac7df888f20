import type { Client } from 'openapi-fetch'
import type { paths } from './schema.gen'

interface Init {
  params?: { path?: Record<string, string | number>; query?: Record<string, unknown> }
  body?: unknown
  bodySerializer?: (body: unknown) => BodyInit
  headers?: HeadersInit
  parseAs?: 'json' | 'text'
  signal?: AbortSignal
}

/** Calls the operations of the contract. Types are openapi-fetch's; what runs is the little of it that the pages need. */
export type Caller = Pick<Client<paths>, 'GET' | 'POST' | 'PUT' | 'DELETE'>

/** A caller that treats cookies and referrers as said; before may add to each request. */
export function callerOf(how: RequestInit, before?: (request: Request) => Promise<void>): Caller {
  const call =
    (method: string) =>
    async (path: string, init: Init = {}) => {
      const { params = {}, body, bodySerializer = JSON.stringify, parseAs = 'json', signal } = init
      const headers = new Headers(init.headers)
      if (body !== undefined && !headers.has('Content-Type')) headers.set('Content-Type', 'application/json')
      const url = new URL(
        path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params.path?.[name]))),
        location.origin,
      )
      for (const [name, value] of Object.entries(params.query ?? {})) {
        for (const one of [value].flat())
          if (one !== undefined && one !== null) url.searchParams.append(name, String(one))
      }
      const request = new Request(url, {
        ...how,
        method,
        headers,
        signal,
        body: body === undefined ? undefined : bodySerializer(body),
      })
      await before?.(request)
      const response = await fetch(request)
      const text = await response.text()
      if (!response.ok) return { error: parsed(text), response }
      return { data: parseAs === 'text' ? text : text === '' ? undefined : (JSON.parse(text) as unknown), response }
    }
  return { GET: call('GET'), POST: call('POST'), PUT: call('PUT'), DELETE: call('DELETE') } as unknown as Caller
}

/** An error's body: whatever is not JSON was not ours. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
