import { useQuery } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { callerOf } from '@/lib/client'
import { useSyncExternalStore } from 'react'
import { ask, office, type Schemas } from '@/lib/api'
import { useSession } from '@/lib/session'
import type { Office } from './cast'

export type Rights = Schemas['Rights']

/** How the voter shows the office who she is: signed in, or by a one-time voting code. The token is the sign-in's or the code itself. */
export interface Identity {
  by: 'session' | 'code'
  token: string
  /** The code is a key to her right, good at this kiosk of a voting place. */
  kiosk?: boolean
  /** Display name, when signed in. */
  name?: string
}

// A code stays in this page's memory alone: kept, it would be a key to the vote for the next person at the same computer.
const codes = new Map<string, { code: string; kiosk: boolean }>()
const listeners = new Set<() => void>()
const listen = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Votes with this code in a round from now on. */
export function presentCode(round: string, code: string, kiosk = false): void {
  codes.set(round, { code, kiosk })
  for (const listener of listeners) listener()
}

export function forgetCode(round: string): void {
  codes.delete(round)
  for (const listener of listeners) listener()
}

/** Who votes: null if nobody has identified herself, undefined until that is known. A code goes before a session. */
export function useIdentity(round: string): Identity | null | undefined {
  const given = useSyncExternalStore(listen, () => codes.get(round))
  const session = useSession()
  if (given) return { by: 'code', token: given.code, ...(given.kiosk && { kiosk: true }) }
  if (!session) return undefined
  return session.signed_in ? { by: 'session', token: session.csrf, name: session.name } : null
}

// Without the session's cookie, so that a code never meets the person who happens to be signed in.
const coded = callerOf({ credentials: 'omit' })

/** The office as somebody sees it. No call hangs for ever. */
export function officeFor(round: string, { by, token, kiosk }: Identity): Office {
  const client = by === 'code' && !kiosk ? coded : office // a kiosk shows its own cookie; nobody is signed in there
  const headers = by === 'code' ? { 'X-Voting-Code': token } : undefined
  const more = () => ({ headers, signal: AbortSignal.timeout(30_000) })
  return {
    rights: () => ask(client.GET('/api/v1/rounds/{round}/rights', { params: { path: { round } }, ...more() })),
    credential: async (paper, blinded, recovery) => {
      const [path, body] = [
        { round, paper },
        { blinded, recovery },
      ]
      return (
        await ask(
          client.POST('/api/v1/rounds/{round}/papers/{paper}/credential', { params: { path }, body, ...more() }),
        )
      ).blind_signature
    },
    recovery: async (paper) =>
      (
        await ask(
          client.GET('/api/v1/rounds/{round}/papers/{paper}/recovery', {
            params: { path: { round, paper } },
            ...more(),
          }),
        )
      ).recovery,
  }
}

/** What the office says the voter may do. Asked anew at each visit, since a right can be spent elsewhere. */
export function useRights(round: string, identity: Identity | null | undefined) {
  return useQuery({
    queryKey: keys.rights(round, identity?.by, identity?.token),
    queryFn: () => (identity ? officeFor(round, identity).rights() : Promise.reject(new Error('nobody to ask for'))),
    enabled: Boolean(identity),
    staleTime: 0,
    gcTime: 0,
  })
}
