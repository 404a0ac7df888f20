import type { UseQueryResult } from '@tanstack/react-query'
import { Suspense, type ReactNode } from 'react'
import { Spinner } from './hds'
import { Trouble } from './problem/Trouble'

/**
 * Shows the answer of a query, or that it is on its way, or why it did not come. An old answer stays while a new one fails.
 * What an answer brings may need texts that are still on their way: only its own place waits, and what is around it stays in sight, with its focus.
 */
export function Ask<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return <Suspense fallback={<Spinner />}>{children(query.data)}</Suspense>
  if (query.error) return <Trouble cause={query.error} retry={() => void query.refetch()} />
  return <Spinner />
}
