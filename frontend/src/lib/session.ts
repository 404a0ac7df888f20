import { queryOptions, useQuery } from '@tanstack/react-query'
import { ask, fetchSession, office, type Schemas, type Session } from './api'
import type { Lang } from './lang'

export const sessionQuery = queryOptions({ queryKey: ['session'], queryFn: fetchSession, staleTime: 60_000 })

/** The session; undefined until the first answer. */
export function useSession(): Session | undefined {
  return useQuery(sessionQuery).data
}

export function hasRole(session: Session | undefined, ...roles: Schemas['Role'][]): boolean {
  return session?.roles.some((role) => roles.includes(role)) ?? false
}

/** The address that signs in and comes back to a path of this site, without the problem of an earlier try. */
export function signInHref(returnTo: string, lang: Lang): string {
  const url = new URL(returnTo, location.origin)
  url.searchParams.delete('problem')
  return `/api/v1/sign-in?${new URLSearchParams({ return_to: url.pathname + url.search + url.hash, language: lang }).toString()}`
}

/** Ends the session here, then at the provider. */
export async function signOut(): Promise<void> {
  const { redirect } = await ask(office.DELETE('/api/v1/session'))
  const { forgetKept } = await import('./kept')
  forgetKept()
  location.assign(redirect || '/')
}
