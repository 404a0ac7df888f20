import { callerOf } from './client'
import type { components } from './schema.gen'
import { Problem } from './problem'

export type Schemas = components['schemas']
export type Session = Schemas['Session']

let csrf = ''

/** The office: knows who is signed in. Paths under /api/v1. */
export const office = callerOf({ credentials: 'same-origin' }, async (request) => {
  if (request.method === 'GET') return
  if (!csrf) await fetchSession()
  if (csrf) request.headers.set('X-CSRF-Token', csrf)
})

/**
 * The box: must never learn who asks, so no cookie and no referrer goes with a call (trust.md, step 4).
 * Paths under /box/v1; never call it through office.
 */
export const box = callerOf({ credentials: 'omit', referrerPolicy: 'no-referrer' })

/** Who is signed in; remembers the token that writes must carry. */
export async function fetchSession(): Promise<Session> {
  const session = await ask(office.GET('/api/v1/session'))
  csrf = session.csrf
  return session
}

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** Waits for an answer and returns its body. Every failure is a Problem. */
export async function ask<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>
  try {
    answer = await call
  } catch (cause) {
    if (cause instanceof Problem) throw cause
    throw new Problem('offline')
  }
  if (!answer.response.ok) {
    const problem = Problem.from(answer.error, answer.response.status, answer.response.headers.get('Retry-After'))
    // The next write asks for a fresh one: one may have signed in anew, in another tab.
    if (problem.code === 'csrf_failed' || problem.code === 'sign_in_required') csrf = ''
    throw problem
  }
  return answer.data as T
}
