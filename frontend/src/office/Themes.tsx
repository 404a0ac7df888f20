import { useTranslation } from 'react-i18next'
import { Button, TextInput } from '@/hds'
import type { SettingsShape } from './office'
import type { Editing } from './SettingsEditor'

type Theme = SettingsShape['themes'][number]

/** What proposals can be about; the lists of proposals and projects are filtered by it. */
export function Themes({ settings, onChange, errorOf }: Editing) {
  const { t } = useTranslation('office')
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
          <fieldset key={index} className="office-fieldset">
            <legend>{theme.name.fi || t('settings.theme', { number: index + 1 })}</legend>
            <TextInput id={`${at}.id`} label={t('settings.address')} required value={theme.id} error={errorOf(`${at}.id`)} onChange={(event) => { put(index, { id: event.target.value }) }} />
            <TextInput id={`${at}.name.fi`} label={t('settings.name_fi')} required value={theme.name.fi} error={errorOf(`${at}.name.fi`)} onChange={(event) => { put(index, { name: { ...theme.name, fi: event.target.value } }) }} />
            <TextInput label={t('settings.name_sv')} value={theme.name.sv ?? ''} onChange={(event) => { put(index, { name: { ...theme.name, sv: event.target.value } }) }} />
            <TextInput label={t('settings.name_en')} value={theme.name.en ?? ''} onChange={(event) => { put(index, { name: { ...theme.name, en: event.target.value } }) }} />
            <div className="actions">
              <Button small variant="supplementary" onClick={() => { onChange({ ...settings, themes: themes.filter((_, other) => other !== index) }) }}>
                {t('settings.remove_theme', { name: theme.name.fi })}
              </Button>
            </div>
          </fieldset>
        )
      })}
      <div className="actions">
        <Button small variant="secondary" start="plus" onClick={() => { onChange({ ...settings, themes: [...themes, { id: '', name: { fi: '' } }] }) }}>
          {t('settings.add_theme')}
        </Button>
      </div>
    </section>
  )
}
