import type { ReactNode } from 'react'
import { Button } from './hds'

interface Pages {
  hasNextPage: boolean
  isFetchingNextPage: boolean
  fetchNextPage: () => Promise<unknown>
}

/** Brings the next page of a list, where there is one. */
export function More({ query, small, children }: { query: Pages; small?: boolean; children: ReactNode }) {
  if (!query.hasNextPage) return null
  return (
    <div className="actions">
      <Button
        small={small}
        variant="secondary"
        busy={query.isFetchingNextPage}
        onClick={() => void query.fetchNextPage()}
      >
        {children}
      </Button>
    </div>
  )
}
