import { queryOptions } from '@tanstack/react-query'
import { keys } from '@/data/keys'

/** A program that this build has for people to check with; scripts/programs writes the list. */
export interface Program {
  command: 'osbu-verify' | 'osbu-tally'
  os: 'js' | 'linux' | 'windows' | 'darwin'
  file: string
  /** Bytes, and as they are sent. */
  size: number
  packed: number
  sha256: string
}

export const hrefOf = (file: string) => `/programs/${file}`

/** All programs of this build: none if it was made without them. */
export const programsQuery = queryOptions({
  queryKey: keys.programs,
  queryFn: async (): Promise<Program[]> => {
    const answer = await fetch(hrefOf('list.json'))
    if (answer.status === 404) return []
    if (!answer.ok) throw new Error(`programs: ${String(answer.status)}`)
    return (await answer.json()) as Program[]
  },
  staleTime: Infinity,
})
