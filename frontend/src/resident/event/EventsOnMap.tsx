import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useNavigate } from '@/lib/router'
import { Spinner } from '@/ui/hds'
import { useLang } from '@/lib/format'
import { inLang } from '@/ui/text'
import { mapQuery } from '@/data/map'
import type { Event } from '@/data/event'

// Leaflet is fetched by those who open a map.
const PointsMap = lazy(() => import('@/shared/map/PointsMap'))

/** The listed events that have a point; the list beside it says the same in words. */
export function EventsOnMap({ round, events }: { round: string; events: Event[] }) {
  const { t } = useTranslation('event')
  const lang = useLang()
  const navigate = useNavigate()
  const ground = useQuery(mapQuery)
  const features = useMemo(
    () =>
      events.flatMap(({ id, text }) => {
        const title = inLang(text.title, lang)
        const address = `${location.origin}/rounds/${round}/events/${String(id)}`
        return text.point
          ? [
              {
                id,
                geometry: { coordinates: [text.point.longitude, text.point.latitude] },
                properties: { address, title: title.value, language: title.lang },
              },
            ]
          : []
      }),
    [events, lang, round],
  )
  if (features.length === 0) return <p>{t('map.none')}</p>
  return (
    <div className="stack-s no-print">
      <p>{t('map.text')}</p>
      {ground.data && (
        <Suspense fallback={<Spinner />}>
          <PointsMap
            features={features}
            ground={ground.data}
            label={t('map.label')}
            onOpen={(id) => navigate(`/${lang}/rounds/${round}/events/${String(id)}`)}
          />
        </Suspense>
      )}
    </div>
  )
}
