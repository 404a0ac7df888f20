import { queryOptions } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { ask, box } from '@/lib/api'
import { Stopped } from './stopped'

/** The round's manifest, read only if its own log key has signed it. */
export const manifestQuery = (round: string) =>
  queryOptions({
    queryKey: keys.manifest(round),
    queryFn: async () => {
      if (!window.isSecureContext) throw new Stopped('insecure')
      const note = await ask(
        box.GET('/box/v1/rounds/{round}/manifest', { params: { path: { round } }, parseAs: 'text' }),
      )
      const { openManifest } = await import('./crypto/manifest')
      try {
        return await openManifest(note, round)
      } catch {
        throw new Stopped('distrusted')
      }
    },
    staleTime: Infinity,
    retry: (failures, cause) => !(cause instanceof Stopped) && failures < 2,
  })
