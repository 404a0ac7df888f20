import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { mapQuery } from '@/data/map'
import { announce } from '@/lib/announce'
import { useTranslation } from '@/lib/i18n'
import { readPoint, writePoint } from '@/lib/point'
import { Button, Spinner } from '@/ui/hds'

// Leaflet is fetched by those who open the map.
const PickMap = lazy(() => import('@/shared/map/PickMap'))

/** The place by a tap on the map, as a proposal's is; the coordinates can be written, too. */
export function EventPoint({ point, onPick }: { point: string; onPick: (point: string) => void }) {
  const { t } = useTranslation(['participant', 'propose'])
  const [open, setOpen] = useState(false)
  const ground = useQuery({ ...mapQuery, enabled: open })
  const at = readPoint(point)
  return (
    <div className="stack-s">
      <div className="actions">
        <Button
          small
          variant="secondary"
          start="map"
          aria-expanded={open}
          onClick={() => {
            setOpen(!open)
          }}
        >
          {t(open ? 'map.close' : 'map.open')}
        </Button>
      </div>
      {open && !ground.data && <Spinner />}
      {open && ground.data && (
        <>
          <p>{t('propose:map.help')}</p>
          <Suspense fallback={<Spinner />}>
            <PickMap
              ground={ground.data}
              point={at && [at.latitude, at.longitude]}
              onPick={(latitude, longitude) => {
                onPick(writePoint({ latitude: Number(latitude.toFixed(5)), longitude: Number(longitude.toFixed(5)) }))
                announce(t('map.chosen'))
              }}
            />
          </Suspense>
        </>
      )}
    </div>
  )
}
