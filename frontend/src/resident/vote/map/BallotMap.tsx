import { control, divIcon, latLngBounds, marker } from 'leaflet'
import 'leaflet/dist/leaflet.css'
import { useEffect, useRef } from 'react'
import { useTranslation } from '@/lib/i18n'
import type { Schemas } from '@/lib/api'
import { useLang } from '@/lib/format'
import { inCity } from '@/lib/point'
import { makeGround, middle } from '@/shared/map/ground'
import { inLang } from '@/ui/text'
import type { BallotProject } from '../voting'
import styles from './map.module.css'

/** A project with its place. */
export interface Pin {
  project: BallotProject
  latitude: number
  longitude: number
}

/** The ballot's projects where they would be. Each pin is a button with the project's number, in the list's order, so that keys reach what a finger does. */
export default function BallotMap({
  pins,
  picks,
  ground,
  onOpen,
}: {
  pins: Pin[]
  picks: number[]
  ground: Schemas['Map']
  onOpen: (project: BallotProject) => void
}) {
  const { t } = useTranslation('vote')
  const lang = useLang()
  const box = useRef<HTMLDivElement>(null)
  const buttons = useRef(new Map<number, HTMLButtonElement>())
  const open = useRef(onOpen)
  useEffect(() => {
    open.current = onOpen
  })

  useEffect(() => {
    if (!box.current) return undefined
    const map = makeGround(box.current, ground)
    control.zoom({ zoomInTitle: t('map.zoom_in'), zoomOutTitle: t('map.zoom_out') }).addTo(map)
    const made = new Map<number, HTMLButtonElement>()
    for (const { project, latitude, longitude } of pins) {
      const button = document.createElement('button')
      button.type = 'button'
      button.textContent = String(project.number)
      button.setAttribute('aria-haspopup', 'dialog')
      button.addEventListener('click', () => {
        open.current(project)
      })
      made.set(project.number, button)
      const icon = divIcon({ html: button, className: styles.pin, iconSize: [44, 44] })
      marker([latitude, longitude], { icon, keyboard: false }).addTo(map)
    }
    // A point of old that lies elsewhere must not make the map too small to read.
    const inside = pins.filter(inCity).map(({ latitude, longitude }): [number, number] => [latitude, longitude])
    const bounds = latLngBounds(inside)
    if (bounds.isValid()) map.fitBounds(bounds, { padding: [40, 40], maxZoom: 15, animate: false })
    else map.setView(middle(), 11)
    buttons.current = made
    return () => {
      map.remove()
    }
  }, [pins, ground, t])

  // A choice changes the pins and not the map, which stays where one moved it, with the focus.
  useEffect(() => {
    for (const { project } of pins) {
      const button = buttons.current.get(project.number)
      if (!button) continue
      const chosen = picks.includes(project.number)
      const title = inLang(project.title, lang)
      button.lang = title.lang
      button.title = title.value
      button.setAttribute(
        'aria-label',
        t(chosen ? 'map.chosen' : 'map.pin', { number: project.number, title: title.value }),
      )
      button.classList.toggle('chosen', chosen)
    }
  }, [pins, picks, lang, t, ground])

  return <div ref={box} className={styles.map} role="region" aria-label={t('map.label')} />
}
