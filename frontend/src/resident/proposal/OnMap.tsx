import { queryOptions, useQuery } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { lazy, Suspense } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useNavigate } from '@/lib/router'
import { Spinner } from '@/ui/hds'
import { ask, office } from '@/lib/api'
import { Ask } from '@/ui/Ask'
import { useFormat, useLang } from '@/lib/format'
import { mapQuery } from '@/data/map'
import type { Filter } from '@/data/proposal'

// Leaflet is fetched by those who open a map.
const PointsMap = lazy(() => import('@/shared/map/PointsMap'))

const pointsQuery = (round: string, filter: Filter) =>
  queryOptions({
    queryKey: keys.points(round, filter),
    queryFn: () =>
      ask(office.GET('/api/v1/rounds/{round}/proposals.geojson', { params: { path: { round }, query: filter } })),
  })

/** All proposals that match and have a place, on a map. */
export function OnMap({ round, filter }: { round: string; filter: Filter }) {
  const { t } = useTranslation('proposal')
  const lang = useLang()
  const { number } = useFormat()
  const navigate = useNavigate()
  const points = useQuery(pointsQuery(round, filter))
  const ground = useQuery(mapQuery)
  return (
    <div className="stack-s">
      <Ask query={points}>
        {({ features }) => (
          <>
            <p>
              {features.length === 0
                ? t('map.none')
                : t('map.count', { count: features.length, number: number(features.length) })}
            </p>
            {features.length > 0 && ground.data && (
              <Suspense fallback={<Spinner />}>
                <PointsMap
                  features={features}
                  ground={ground.data}
                  onOpen={(id) => navigate(`/${lang}/rounds/${round}/proposals/${String(id)}`)}
                />
              </Suspense>
            )}
          </>
        )}
      </Ask>
    </div>
  )
}
