import { lazy, Suspense } from 'react'
import type { Schemas } from '@/lib/api'
import { useTranslation } from '@/lib/i18n'
import { readPoint } from '@/lib/point'
import { Spinner } from '@/ui/hds'

// Leaflet is fetched by those who open the map.
const PickMap = lazy(() => import('./PickMap'))

/** A map to tap on, as soon as it is known which; point is the field's text. */
export function OnMap({
  ground,
  point,
  onPick,
}: {
  ground: Schemas['Map'] | undefined
  point: string
  onPick: (latitude: number, longitude: number) => void
}) {
  const { t } = useTranslation('propose')
  if (!ground) return <Spinner />
  const at = readPoint(point)
  return (
    <>
      <p>{t('map.help')}</p>
      <Suspense fallback={<Spinner />}>
        <PickMap ground={ground} point={at && [at.latitude, at.longitude]} onPick={onPick} />
      </Suspense>
    </>
  )
}
