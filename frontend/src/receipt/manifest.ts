import { queryOptions } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { ask, box } from '@/lib/api'
import { publicLog } from './publicLog'
import { Stopped } from './stopped'

/** The round's manifest, read only if its own log key has signed it, and if it is proven to be everybody's (pinned.ts). */
export const manifestQuery = (round: string) =>
  queryOptions({
    queryKey: keys.manifest(round),
    queryFn: async () => {
      if (!window.isSecureContext) throw new Stopped('insecure')
      const note = await ask(
        box.GET('/box/v1/rounds/{round}/manifest', { params: { path: { round } }, parseAs: 'text' }),
      )
      const [{ openManifest }, { pin }] = await Promise.all([import('./crypto/manifest'), import('./pinned')])
      const manifest = await openManifest(note, round).catch(() => {
        throw new Stopped('distrusted')
      })
      await pin(manifest, publicLog(round))
      return manifest
    },
    staleTime: Infinity,
    retry: (failures, cause) => !(cause instanceof Stopped) && failures < 2,
  })
