import type { UseQueryResult } from '@tanstack/react-query'
import { Suspense, type ReactNode } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Problem } from '@/lib/problem'
import { Trouble } from './problem/Trouble'
import { Loading } from './Loading'
import { Missing } from './Missing'
import { Title } from './Title'

/**
 * A page that cannot stand without the answer of a query: what is not found is a missing page. The title, where it does not
 * hang on the answer, is shown from the start. Nothing else is while something is awaited that has to come with the page.
 */
export function AskPage<T>({
  query,
  title,
  awaited = false,
  children,
}: {
  query: UseQueryResult<T>
  title?: string
  awaited?: boolean
  children: (data: T) => ReactNode
}) {
  const { t } = useTranslation('problem')
  const loading = <Loading title={title} />
  if (query.data !== undefined)
    return awaited ? loading : <Suspense fallback={loading}>{children(query.data)}</Suspense>
  if (query.error instanceof Problem && query.error.code === 'not_found') return <Missing />
  if (!query.error) return loading
  return (
    <div className="hds-container page stack">
      <Title>{t('heading')}</Title>
      <Trouble cause={query.error} retry={() => void query.refetch()} />
    </div>
  )
}
