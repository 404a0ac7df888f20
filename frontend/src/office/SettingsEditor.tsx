import { useTranslation } from '@/lib/i18n'
import { Button, Checkbox, ChoiceGroup, Select } from '@/ui/hds'
import { ListField } from '@/ui/read/ListField'
import { MoneyField } from '@/ui/read/MoneyField'
import { NumberField } from '@/ui/read/NumberField'
import { useFormat } from '@/lib/format'
import { useLocal } from '@/ui/text'
import type { SettingsShape } from '@/data/office'
import { languages } from '@/data/translation'
import { Names } from './Names'
import { SealingFields } from './opening/SealingFields'
import { Papers } from './Papers'
import { RuleFields } from './RuleFields'
import { addArea, allot, changeArea, removeArea, type Editing } from './settings'
import { Themes } from './Themes'
import { classes } from '@/lib/classes'
import styles from './office.module.css'

type Area = SettingsShape['areas'][number]

/** Everything that the freeze makes unchangeable: areas and pots, papers, who may vote, how it is counted. */
export function SettingsEditor({ settings, onChange, form }: Editing) {
  const { errorOf } = form
  const { t } = useTranslation('office')
  const set = (part: Partial<SettingsShape>) => {
    onChange({ ...settings, ...part })
  }
  const { eligibility, languages: promised = languages } = settings
  return (
    <div className="stack-l">
      <Areas settings={settings} onChange={onChange} form={form} />
      <Papers settings={settings} onChange={onChange} form={form} />
      <fieldset className={styles.fieldset}>
        <legend>{t('settings.rule')}</legend>
        <RuleFields
          id="settings.rule"
          rule={settings.rule}
          form={settings.papers[0]?.form.kind}
          errorOf={errorOf}
          onChange={(rule) => {
            set({ rule: rule ?? { rule: 'greedy' } })
          }}
        />
        <Checkbox
          label={t('settings.maintenance')}
          checked={settings.reserve_maintenance}
          onChange={(event) => {
            set({ reserve_maintenance: event.target.checked })
          }}
        />
        <NumberField
          id="settings.openings_from"
          label={t('settings.openings')}
          helper={t('settings.openings_help')}
          value={settings.openings_from}
          error={errorOf('settings.openings_from')}
          onChange={(openings_from) => {
            set({ openings_from })
          }}
        />
      </fieldset>
      <SealingFields settings={settings} onChange={onChange} form={form} />
      <ChoiceGroup
        id="settings.languages"
        legend={t('promised.legend')}
        helper={t('promised.help')}
        error={errorOf('settings.languages')}
      >
        {languages.map((one) => (
          <Checkbox
            key={one}
            label={t(`next.texts.in.${one}`)}
            checked={promised.includes(one)}
            onChange={(event) => {
              set({
                languages: languages.filter((each) => (each === one ? event.target.checked : promised.includes(each))),
              })
            }}
          />
        ))}
      </ChoiceGroup>
      <fieldset className={styles.fieldset}>
        <legend>{t('second.legend')}</legend>
        <Checkbox
          id="settings.four_eyes"
          label={t('second.setting')}
          checked={settings.four_eyes === true}
          onChange={(event) => {
            onChange({ ...settings, four_eyes: event.target.checked })
          }}
        />
        <p className="muted">{t('second.setting_help')}</p>
        {form.errorOf('settings.four_eyes') && (
          <p className={styles.error} role="alert">
            {form.errorOf('settings.four_eyes')}
          </p>
        )}
      </fieldset>
      <fieldset className={styles.fieldset}>
        <legend>{t('settings.eligibility')}</legend>
        <NumberField
          id="settings.eligibility.age"
          label={t('settings.age')}
          value={eligibility.age}
          error={errorOf('settings.eligibility.age')}
          onChange={(age) => {
            set({ eligibility: { ...eligibility, age } })
          }}
        />
        <Select
          id="settings.eligibility.moment"
          label={t('settings.moment')}
          error={errorOf('settings.eligibility.moment')}
          value={eligibility.moment}
          options={(['voting', 'calendar-year'] as const).map((value) => ({ value, label: t(`settings.at.${value}`) }))}
          onChange={(event) => {
            set({
              eligibility: { ...eligibility, moment: event.target.value === 'voting' ? 'voting' : 'calendar-year' },
            })
          }}
        />
        <ListField
          id="settings.eligibility.municipalities"
          label={t('settings.municipalities')}
          helper={t('settings.municipalities_help')}
          value={eligibility.municipalities}
          error={errorOf('settings.eligibility.municipalities')}
          onChange={(municipalities) => {
            set({ eligibility: { ...eligibility, municipalities } })
          }}
        />
      </fieldset>
      <Themes settings={settings} onChange={onChange} form={form} />
    </div>
  )
}

function Areas({ settings, onChange, form }: Editing) {
  const { errorOf } = form
  const { t } = useTranslation('office')
  const local = useLocal()
  const { euros } = useFormat()
  const { areas, total } = settings
  const said = (cents: number) => (Number.isNaN(cents) ? '–' : euros(cents))
  const pots = total === undefined ? areas.map(({ pot }) => pot) : allot(areas, total)
  const put = (index: number, part: Partial<Area>) => {
    onChange(changeArea(settings, index, part))
  }
  return (
    <section className="stack">
      <h2>{t('settings.areas')}</h2>
      <Checkbox
        label={t('settings.by_population')}
        checked={total !== undefined}
        onChange={(event) => {
          onChange({ ...settings, total: event.target.checked ? pots.reduce((sum, pot) => sum + pot, 0) : undefined })
        }}
      />
      {total !== undefined && (
        <MoneyField
          id="total"
          label={t('settings.total')}
          helper={t('settings.total_help')}
          whole
          value={total}
          error={errorOf('total') ?? errorOf('areas') ?? errorOf('settings.areas')}
          onChange={(total) => {
            onChange({ ...settings, total })
          }}
        />
      )}
      {areas.map((area, index) => {
        const at = `settings.areas[${String(index)}]`
        return (
          <fieldset key={index} id={at} tabIndex={-1} className={styles.fieldset}>
            <legend>{local(area.name) || t('settings.area', { number: index + 1 })}</legend>
            <Names
              at={at}
              of={area}
              onChange={(part) => {
                put(index, part)
              }}
              errorOf={errorOf}
            />
            {total === undefined ? (
              <MoneyField
                id={`${at}.pot`}
                label={t('settings.pot')}
                value={area.pot}
                error={errorOf(`${at}.pot`)}
                onChange={(pot) => {
                  put(index, { pot })
                }}
              />
            ) : (
              <div className={classes(styles.pairs, styles.share)}>
                {!area.citywide && (
                  <NumberField
                    id={`areas[${String(index)}].population`}
                    label={t('settings.population')}
                    value={area.population}
                    error={errorOf(`areas[${String(index)}].population`)}
                    onChange={(population) => {
                      put(index, { population })
                    }}
                  />
                )}
                <p>{t('settings.gets', { pot: said(pots[index] ?? 0) })}</p>
              </div>
            )}
            <Checkbox
              label={t('settings.citywide')}
              checked={area.citywide}
              onChange={(event) => {
                put(index, { citywide: event.target.checked })
              }}
            />
            <details>
              <summary>{t('settings.more')}</summary>
              <div className="stack">
                <ListField
                  id={`${at}.postal_codes`}
                  label={t('settings.postal')}
                  helper={t('settings.postal_help')}
                  value={area.postal_codes}
                  error={errorOf(`${at}.postal_codes`)}
                  onChange={(postal_codes) => {
                    put(index, { postal_codes })
                  }}
                />
                <RuleFields
                  id={`${at}.rule`}
                  rule={area.rule}
                  own
                  form={settings.papers.find(({ areas }) => areas.includes(area.id))?.form.kind}
                  errorOf={errorOf}
                  onChange={(rule) => {
                    put(index, { rule })
                  }}
                />
              </div>
            </details>
            <div className="actions">
              <Button
                small
                variant="supplementary"
                onClick={() => {
                  form.shift('settings.areas')
                  onChange(removeArea(settings, index))
                }}
              >
                {t('settings.remove_area', { name: local(area.name) })}
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
            onChange(addArea(settings))
          }}
        >
          {t('settings.add_area')}
        </Button>
      </div>
      <p role="status">
        <strong>{t('settings.sum', { sum: said(pots.reduce((sum, pot) => sum + pot, 0)) })}</strong>
      </p>
    </section>
  )
}
