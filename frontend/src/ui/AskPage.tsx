import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Spinner } from './hds'
import { Problem } from '@/lib/problem'
import { Trouble } from './problem/Trouble'
import { Missing } from './Missing'
import { Title } from './Title'

/** A page that cannot stand without the answer of a query: what is not found is a missing page. */
export function AskPage<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  const { t } = useTranslation('problem')
  if (query.data !== undefined) return <>{children(query.data)}</>
  if (query.error instanceof Problem && query.error.code === 'not_found') return <Missing />
  return (
    <div className="hds-container page stack">
      {query.error ? (
        <>
          <Title>{t('heading')}</Title>
          <Trouble cause={query.error} retry={() => void query.refetch()} />
        </>
      ) : (
        <Spinner />
      )}
    </div>
  )
}
