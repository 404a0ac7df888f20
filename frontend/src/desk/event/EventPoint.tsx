import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { mapQuery } from '@/data/map'
import { announce } from '@/lib/announce'
import { useTranslation } from '@/lib/i18n'
import { pointText } from '@/lib/point'
import { OnMap } from '@/shared/map/OnMap'
import { Button } from '@/ui/hds'

/** The place by a tap on the map, as a proposal's is; the coordinates can be written, too. */
export function EventPoint({ point, onPick }: { point: string; onPick: (point: string) => void }) {
  const { t } = useTranslation('participant')
  const [open, setOpen] = useState(false)
  const ground = useQuery({ ...mapQuery, enabled: open })
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
      {open && (
        <OnMap
          ground={ground.data}
          point={point}
          onPick={(latitude, longitude) => {
            onPick(pointText({ latitude, longitude }))
            announce(t('map.chosen'))
          }}
        />
      )}
    </div>
  )
}
