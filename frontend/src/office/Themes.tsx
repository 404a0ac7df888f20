import { useTranslation } from '@/lib/i18n'
import { Button } from '@/ui/hds'
import { useLocal } from '@/ui/text'
import { Names } from './Names'
import type { SettingsShape } from '@/data/office'
import type { Editing } from './settings'
import styles from './office.module.css'

type Theme = SettingsShape['themes'][number]

/** What proposals can be about; the lists of proposals and projects are filtered by it. */
export function Themes({ settings, onChange, form }: Editing) {
  const { errorOf } = form
  const { t } = useTranslation('office')
  const local = useLocal()
  const { themes } = settings
  const put = (index: number, part: Partial<Theme>) => {
    onChange({ ...settings, themes: themes.map((theme, at) => (at === index ? { ...theme, ...part } : theme)) })
  }
  return (
    <section className="stack">
      <h2>{t('settings.themes')}</h2>
      {themes.map((theme, index) => {
        const at = `settings.themes[${String(index)}]`
        return (
          <fieldset key={index} id={at} tabIndex={-1} className={styles.fieldset}>
            <legend>{local(theme.name) || t('settings.theme', { number: index + 1 })}</legend>
            <Names
              at={at}
              of={theme}
              onChange={(part) => {
                put(index, part)
              }}
              errorOf={errorOf}
            />
            <div className="actions">
              <Button
                small
                variant="supplementary"
                onClick={() => {
                  form.shift('settings.themes')
                  onChange({ ...settings, themes: themes.filter((_, other) => other !== index) })
                }}
              >
                {t('settings.remove_theme', { name: local(theme.name) })}
              </Button>
            </div>
          </fieldset>
        )
      })}
      <div className="actions">
        <Button
          small
          variant="secondary"
          start="plus"
          onClick={() => {
            onChange({ ...settings, themes: [...themes, { id: '', name: { fi: '' } }] })
          }}
        >
          {t('settings.add_theme')}
        </Button>
      </div>
    </section>
  )
}
