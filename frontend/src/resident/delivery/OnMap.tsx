import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useNavigate } from '@/lib/router'
import { useLang } from '@/lib/format'
import { inLang } from '@/ui/text'
import { mapQuery } from '@/data/map'
import { Spinner } from '@/ui/hds'
import type { Delivery } from '@/data/delivery'

// Leaflet is fetched by those who open a map.
const PointsMap = lazy(() => import('@/shared/map/PointsMap'))

/** The listed projects and their sites that have a point; the list says the same in words. */
export function OnMap({ projects }: { projects: Delivery[] }) {
  const { t } = useTranslation('delivery')
  const lang = useLang()
  const navigate = useNavigate()
  const ground = useQuery(mapQuery)
  const features = useMemo(
    () =>
      projects.flatMap((delivery, id) => {
        const title = inLang(delivery.title, lang)
        const address = location.origin + pathOf(delivery)
        return [delivery.point, ...delivery.sites.map(({ point }) => point)].flatMap((point) =>
          point
            ? [
                {
                  id,
                  geometry: { coordinates: [point.longitude, point.latitude] },
                  properties: { address, title: title.value, language: title.lang },
                },
              ]
            : [],
        )
      }),
    [projects, lang],
  )
  if (features.length === 0) return <p>{t('map.none')}</p>
  return (
    ground.data && (
      <Suspense fallback={<Spinner />}>
        <PointsMap
          features={features}
          ground={ground.data}
          label={t('map.label')}
          onOpen={(id) => {
            const found = projects[id]
            if (found) navigate(`/${lang}${pathOf(found)}`)
          }}
        />
      </Suspense>
    )
  )
}

const pathOf = ({ round, project }: Delivery) => `/rounds/${round}/delivery/${String(project)}`
