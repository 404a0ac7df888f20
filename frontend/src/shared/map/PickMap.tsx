import { circleMarker, control, latLngBounds, type CircleMarker, type Map } from 'leaflet'
import 'leaflet/dist/leaflet.css'
import { useEffect, useRef } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button } from '@/ui/hds'
import type { Schemas } from '@/lib/api'
import { makeGround, middle } from './ground'
import styles from './map.module.css'

interface Props {
  ground: Schemas['Map']
  /** What is chosen, as latitude and longitude. */
  point: [number, number] | undefined
  onPick: (latitude: number, longitude: number) => void
}

/** One point by a tap. With a keyboard one moves the map with the arrow keys and takes its middle; words do as well. */
export default function PickMap({ ground, point, onPick }: Props) {
  const { t } = useTranslation('propose')
  const box = useRef<HTMLDivElement>(null)
  const map = useRef<Map>(null)
  const marker = useRef<CircleMarker>(null)
  const pick = useRef(onPick)
  useEffect(() => {
    pick.current = onPick
  })
  const start = useRef(point)

  useEffect(() => {
    if (!box.current) return undefined
    const made = makeGround(box.current, ground)
    control.zoom({ zoomInTitle: t('map.zoom_in'), zoomOutTitle: t('map.zoom_out') }).addTo(made)
    if (start.current) made.setView(start.current, 15)
    else made.fitBounds(latLngBounds([middle(), middle()]), { maxZoom: 11, animate: false })
    made.on('click', ({ latlng }) => {
      pick.current(latlng.lat, latlng.wrap().lng)
    })
    map.current = made
    return () => {
      map.current = null
      marker.current = null
      made.remove()
    }
  }, [ground, t])

  useEffect(() => {
    marker.current?.remove()
    marker.current =
      point && map.current
        ? circleMarker(point, {
            radius: 11,
            color: '#ffffff',
            weight: 3,
            fillColor: '#bd2719',
            fillOpacity: 1,
            interactive: false,
          }).addTo(map.current)
        : null
  }, [point])

  return (
    <div className={styles.pick}>
      <div ref={box} className={styles.points} role="application" aria-label={t('map.label')} />
      <div>
        <Button
          small
          variant="secondary"
          start="location"
          onClick={() => {
            const center = map.current?.getCenter().wrap()
            if (center) onPick(center.lat, center.lng)
          }}
        >
          {t('map.middle')}
        </Button>
      </div>
    </div>
  )
}
