import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Spinner } from './hds'
import { Trouble } from './problem/Trouble'

/** Shows the answer of a query, or that it is on its way, or why it did not come. An old answer stays while a new one fails. */
export function Ask<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return <>{children(query.data)}</>
  if (query.error) return <Trouble cause={query.error} retry={() => void query.refetch()} />
  return <Spinner />
}
