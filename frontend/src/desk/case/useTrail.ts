import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from '@/lib/router'
import { queueFilterOf, trailQuery } from '@/data/queue'

/** Where a case stands among those of the queue that one came from, by the filter in the address. */
export function useTrail(round: string, proposal: number) {
  const [params] = useSearchParams()
  const trail = useQuery(trailQuery(round, queueFilterOf(params))).data ?? []
  const at = trail.findIndex(({ id }) => id === proposal)
  const search = params.size > 0 ? `?${params.toString()}` : ''
  const to = (index: number) => {
    const found = at < 0 ? undefined : trail[index]
    return found && { ...found, to: `/desk/${round}/${String(found.id)}${search}` }
  }
  return { list: `/desk/${round}${search}`, at, count: trail.length, previous: to(at - 1), next: to(at + 1) }
}

export type Trail = ReturnType<typeof useTrail>
