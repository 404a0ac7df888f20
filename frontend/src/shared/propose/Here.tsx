import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { useLocal } from '@/ui/text'
import { areaAt } from '@/data/areas'
import { mapQuery } from '@/data/map'
import type { Round } from '@/data/round'
import { inCity, pointText, readPoint } from '@/lib/point'
import { OnMap } from '@/shared/map/OnMap'
import type { Writing } from './writing'

/** A point by a tap on the map, or the place where one stands: a help, never needed. It chooses the area, too, unless that was chosen. Words say the same. */
export function Here({ form, round }: { form: Writing; round: Round }) {
  const { t } = useTranslation(['propose', 'problem'])
  const local = useLocal()
  const { point, area: chosen } = form.fields
  const [asking, setAsking] = useState(false)
  const [failed, setFailed] = useState(false)
  const [open, setOpen] = useState(false)
  const ground = useQuery({ ...mapQuery, enabled: open || point !== '' })

  const around = (text: string) => {
    const at = readPoint(text)
    const there = at && areaAt(ground.data?.areas ?? [], at.latitude, at.longitude)
    return round.settings.areas.find(({ id }) => id === there)
  }
  const choose = (area: Round['settings']['areas'][number]) => {
    form.set({ area: area.id })
    announce(t('here.chosen', { area: local(area.name) }))
  }
  const set = (text: string) => {
    setFailed(false)
    form.set({ point: text })
    announce(t(text ? 'here.added' : 'here.removed'))
    const area = around(text)
    if (area && chosen === '') choose(area)
  }
  const area = around(point)
  const at = readPoint(point)
  const error = form.errorOf('point')
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
      {error && <p className="hds-text-input__error-text">{error}</p>}
      {at && !error && !inCity(at) && <p role="status">{t('problem:field.outside_city')}</p>}
      {at && inCity(at) && !area && ground.data && ground.data.areas.length > 0 && (
        <p role="status">{t('here.nowhere')}</p>
      )}
      {area && area.id !== chosen && (
        <div className="stack-s" role="status">
          <p>{t('here.area', { area: local(area.name) })}</p>
          <div className="actions">
            <Button
              small
              variant="secondary"
              onClick={() => {
                choose(area)
              }}
            >
              {t('here.choose', { area: local(area.name) })}
            </Button>
          </div>
        </div>
      )}
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
        {point ? (
          <Button
            small
            variant="secondary"
            start="trash"
            onClick={() => {
              set('')
            }}
          >
            {t('here.remove')}
          </Button>
        ) : (
          <Button small variant="secondary" start="location" busy={asking} onClick={locate}>
            {t('here.add')}
          </Button>
        )}
      </div>
      {open && (
        <OnMap
          ground={ground.data}
          point={point}
          onPick={(latitude, longitude) => {
            set(pointText({ latitude, longitude }))
          }}
        />
      )}
      {failed && <p role="status">{t('here.failed')}</p>}
    </div>
  )
}
