import { queryOptions } from '@tanstack/react-query'
import { keys } from './keys'
import { ask, office, type Schemas } from '@/lib/api'

export type Invitation = Schemas['Invitation']

export const authorsQuery = (round: string, proposal: number) =>
  queryOptions({
    queryKey: keys.authors(round, proposal),
    queryFn: () =>
      ask(office.GET('/api/v1/rounds/{round}/proposals/{proposal}/authors', { params: { path: { round, proposal } } })),
  })

const slot = 'osbu.invitation'

/** The token of an invitation's link. Signing in leads away and back to an address without it; until then this tab keeps it. */
export function heldToken(hash: string): string {
  try {
    const token = hash.replace(/^#/, '') || (sessionStorage.getItem(slot) ?? '')
    if (token) sessionStorage.setItem(slot, token)
    return token
  } catch {
    return hash.replace(/^#/, '')
  }
}

export function forgetToken(): void {
  try {
    sessionStorage.removeItem(slot)
  } catch {
    // Nothing was kept.
  }
}
