import { useState } from 'react'
import { useWatch, type UseFormReturn } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { Button } from '@/hds'
import { announce } from '@/lib/announce'
import { pointText, type Fields } from './draft'

/** Adds the place where one stands: a help on the street, never needed. */
export function Here({ form }: { form: UseFormReturn<Fields> }) {
  const { t } = useTranslation('propose')
  const point = useWatch({ control: form.control, name: 'point' })
  const [asking, setAsking] = useState(false)
  const [failed, setFailed] = useState(false)

  const set = (text: string) => {
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
      {point ? (
        <>
          <p>{t('here.point', { point })}</p>
          <div>
            <Button small variant="secondary" start="trash" onClick={() => { set('') }}>
              {t('here.remove')}
            </Button>
          </div>
        </>
      ) : (
        <div>
          <Button small variant="secondary" start="location" busy={asking} onClick={locate}>
            {t('here.add')}
          </Button>
        </div>
      )}
      {failed && <p role="status">{t('here.failed')}</p>}
    </div>
  )
}
