import { useTranslation } from '@/lib/i18n'
import { Checkbox, Notification } from '@/ui/hds'
import { NumberField } from '@/ui/read/NumberField'
import type { Editing } from '../settings'
import styles from '@/office/office.module.css'

/** Whether ballots are sealed until the close, and who can open them; with what it means to lose codes. */
export function SealingFields({ settings, onChange, form: { errorOf } }: Editing) {
  const { t } = useTranslation('office')
  const { sealing } = settings
  const put = (next: typeof sealing) => {
    onChange({ ...settings, sealing: next })
  }
  return (
    <fieldset className={styles.fieldset}>
      <legend>{t('opening.legend')}</legend>
      <Checkbox
        label={t('opening.sealed')}
        checked={sealing !== undefined}
        onChange={(event) => {
          put(event.target.checked ? { trustees: 3, needed: 2 } : undefined)
        }}
      />
      {sealing ? (
        <>
          <NumberField
            id="settings.sealing.trustees"
            label={t('opening.trustees')}
            helper={t('opening.trustees_help')}
            value={sealing.trustees}
            error={errorOf('settings.sealing.trustees')}
            onChange={(trustees) => {
              put({ ...sealing, trustees })
            }}
          />
          <NumberField
            id="settings.sealing.needed"
            label={t('opening.needed')}
            value={sealing.needed}
            error={errorOf('settings.sealing.needed')}
            onChange={(needed) => {
              put({ ...sealing, needed })
            }}
          />
          <Notification kind="alert">
            {sealing.trustees === 1
              ? t('opening.kept')
              : t('opening.lost', {
                  needed: sealing.needed,
                  spare: Math.max(sealing.trustees - sealing.needed, 0) || 0,
                })}
          </Notification>
        </>
      ) : (
        <Notification kind="alert">{t('opening.unsealed')}</Notification>
      )}
    </fieldset>
  )
}
