import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useWatch, type UseFormReturn } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { Button, Spinner } from '@/hds'
import { announce } from '@/lib/announce'
import { mapQuery } from '@/map/mapQuery'
import { pointOf, pointText, type Fields } from './draft'

// Leaflet is fetched by those who open the map.
const PickMap = lazy(() => import('@/map/PickMap'))

/** A point by a tap on the map, or the place where one stands: a help, never needed. Words say the same. */
export function Here({ form }: { form: UseFormReturn<Fields> }) {
  const { t } = useTranslation('propose')
  const point = useWatch({ control: form.control, name: 'point' })
  const [asking, setAsking] = useState(false)
  const [failed, setFailed] = useState(false)
  const [open, setOpen] = useState(false)

  const set = (text: string) => {
    setFailed(false)
    form.setValue('point', text, { shouldDirty: true })
    announce(t(text ? 'here.added' : 'here.removed'))
  }
  const locate = () => {
    setAsking(true)
    setFailed(false)
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setAsking(false)
        set(pointText(coords))
      },
      () => {
        setAsking(false)
        setFailed(true)
      },
      { enableHighAccuracy: true, timeout: 15_000 },
    )
  }
  return (
    <div className="stack-s" id="point" tabIndex={-1}>
      {point && <p>{t('here.point', { point })}</p>}
      <div className="actions">
        <Button small variant="secondary" start="map" aria-expanded={open} onClick={() => { setOpen(!open) }}>
          {t(open ? 'map.close' : 'map.open')}
        </Button>
        {point ? (
          <Button small variant="secondary" start="trash" onClick={() => { set('') }}>
            {t('here.remove')}
          </Button>
        ) : (
          <Button small variant="secondary" start="location" busy={asking} onClick={locate}>
            {t('here.add')}
          </Button>
        )}
      </div>
      {open && <OnMap point={point} onPick={(latitude, longitude) => { set(pointText({ latitude, longitude })) }} />}
      {failed && <p role="status">{t('here.failed')}</p>}
    </div>
  )
}

function OnMap({ point, onPick }: { point: string; onPick: (latitude: number, longitude: number) => void }) {
  const { t } = useTranslation('propose')
  const ground = useQuery(mapQuery)
  if (!ground.data) return <Spinner />
  const at = pointOf(point)
  return (
    <>
      <p>{t('map.help')}</p>
      <Suspense fallback={<Spinner />}>
        <PickMap ground={ground.data} point={at && [at.latitude, at.longitude]} onPick={onPick} />
      </Suspense>
    </>
  )
}
