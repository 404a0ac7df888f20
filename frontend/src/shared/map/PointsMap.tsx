import { canvas, circleMarker, control, DomEvent, latLngBounds } from 'leaflet'
import 'leaflet/dist/leaflet.css'
import { useEffect, useRef } from 'react'
import { useTranslation } from '@/lib/i18n'
import type { Schemas } from '@/lib/api'
import { useLang } from '@/lib/format'
import type { Lang } from '@/lib/lang'
import { inCity } from '@/lib/point'
import { makeGround, middle } from './ground'
import styles from './map.module.css'

/** A place with the page that tells of it. */
export interface Feature {
  id: number
  geometry: { coordinates: number[] }
  properties: Pick<Schemas['Feature']['properties'], 'address' | 'title' | 'listed_title' | 'language'>
}

/** Points on the city's map, or on plain ground with a scale. A list beside it says the same in words, and is what a keyboard or a screen reader uses. */
export default function PointsMap({
  features,
  ground,
  label,
  onOpen,
}: {
  features: Feature[]
  ground: Schemas['Map']
  label?: string
  onOpen: (id: number) => void
}) {
  const { t } = useTranslation('proposal')
  const lang = useLang()
  const box = useRef<HTMLDivElement>(null)
  const open = useRef(onOpen)
  useEffect(() => {
    open.current = onOpen
  })

  useEffect(() => {
    if (!box.current) return undefined
    const map = makeGround(box.current, ground)
    control.zoom({ zoomInTitle: t('map.zoom_in'), zoomOutTitle: t('map.zoom_out') }).addTo(map)
    const renderer = canvas({ padding: 0.5, tolerance: 8 })
    for (const { id, geometry, properties } of features) {
      const [longitude = 0, latitude = 0] = geometry.coordinates
      circleMarker([latitude, longitude], {
        renderer,
        radius: 8,
        color: '#ffffff',
        weight: 2,
        fillColor: '#0000bf',
        fillOpacity: 0.9,
      })
        .bindPopup(() =>
          link(properties, lang, () => {
            open.current(id)
          }),
        )
        .addTo(map)
    }
    // A point of old that lies elsewhere must not make the map too small to read.
    const places = features.map(({ geometry: { coordinates } }): [number, number] => [
      coordinates[1] ?? 0,
      coordinates[0] ?? 0,
    ])
    const bounds = latLngBounds(places.filter(([latitude, longitude]) => inCity({ latitude, longitude })))
    if (bounds.isValid()) map.fitBounds(bounds, { padding: [32, 32], maxZoom: 14, animate: false })
    else map.setView(middle(), 11)
    return () => {
      map.remove()
    }
  }, [features, ground, t, lang])

  return <div ref={box} className={styles.points} role="region" aria-label={label ?? t('map.label')} />
}

/** Texts come from residents: as text, never as markup. */
function link(
  { address, title, listed_title, language }: Feature['properties'],
  lang: Lang,
  open: () => void,
): HTMLElement {
  const anchor = document.createElement('a')
  anchor.href = new URL(address).pathname
  const here = listed_title?.[lang]
  anchor.textContent = here ?? title
  anchor.lang = here ? lang : language
  anchor.dir = 'auto'
  DomEvent.on(anchor, 'click', (event) => {
    event.preventDefault()
    open()
  })
  return anchor
}
