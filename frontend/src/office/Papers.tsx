import { useTranslation } from '@/lib/i18n'
import { Button, Checkbox, ChoiceGroup, Select } from '@/ui/hds'
import { NumberField } from '@/ui/read/NumberField'
import { useLocal } from '@/ui/text'
import { Names } from './Names'
import type { SettingsShape } from '@/data/office'
import { forms, ofKind, type Editing } from './settings'
import styles from './office.module.css'

type Paper = SettingsShape['papers'][number]

/** The papers: which areas each may be filled in for, and how. */
export function Papers({ settings, onChange, form }: Editing) {
  const { errorOf } = form
  const { t } = useTranslation('office')
  const local = useLocal()
  const { papers, areas } = settings
  const put = (index: number, part: Partial<Paper>) => {
    onChange({ ...settings, papers: papers.map((paper, at) => (at === index ? { ...paper, ...part } : paper)) })
  }
  return (
    <section className="stack">
      <h2>{t('settings.papers')}</h2>
      {papers.map((paper, index) => {
        const at = `settings.papers[${String(index)}]`
        const filled = paper.form
        return (
          <fieldset key={index} id={at} tabIndex={-1} className={styles.fieldset}>
            <legend>{local(paper.name) || t('settings.paper', { number: index + 1 })}</legend>
            <Names
              at={at}
              of={paper}
              onChange={(part) => {
                put(index, part)
              }}
              errorOf={errorOf}
            />
            <ChoiceGroup id={`${at}.areas`} legend={t('settings.paper_areas')} error={errorOf(`${at}.areas`)}>
              {areas.map((area) => (
                <Checkbox
                  key={area.id}
                  label={local(area.name)}
                  checked={paper.areas.includes(area.id)}
                  onChange={(event) => {
                    put(index, {
                      areas: event.target.checked
                        ? [...paper.areas, area.id]
                        : paper.areas.filter((one) => one !== area.id),
                    })
                  }}
                />
              ))}
            </ChoiceGroup>
            <Select
              id={`${at}.form.kind`}
              label={t('settings.form')}
              error={errorOf(`${at}.form.kind`)}
              value={filled.kind}
              options={forms.map((value) => ({
                value,
                label: t(`settings.forms.${value}`),
              }))}
              onChange={(event) => {
                put(index, { form: ofKind(filled, forms.find((one) => one === event.target.value) ?? 'approval') })
              }}
            />
            <div className={styles.pairs}>
              <NumberField
                id={`${at}.form.min`}
                label={t('settings.min')}
                value={filled.min}
                error={errorOf(`${at}.form.min`)}
                onChange={(min) => {
                  put(index, { form: { ...filled, min } })
                }}
              />
              <NumberField
                id={`${at}.form.max`}
                label={t('settings.max')}
                value={filled.max}
                error={errorOf(`${at}.form.max`)}
                onChange={(max) => {
                  put(index, { form: { ...filled, max } })
                }}
              />
            </div>
            {filled.kind === 'points' && (
              <>
                <div className={styles.pairs}>
                  <NumberField
                    id={`${at}.form.points`}
                    label={t('settings.points')}
                    value={filled.points ?? NaN}
                    error={errorOf(`${at}.form.points`)}
                    onChange={(points) => {
                      put(index, { form: { ...filled, points } })
                    }}
                  />
                  <NumberField
                    id={`${at}.form.points_each`}
                    label={t('settings.points_each')}
                    value={filled.points_each ?? NaN}
                    error={errorOf(`${at}.form.points_each`)}
                    onChange={(each) => {
                      put(index, { form: { ...filled, points_each: each } })
                    }}
                  />
                </div>
                <Checkbox
                  label={t('settings.points_all')}
                  checked={filled.points_all ?? false}
                  onChange={(event) => {
                    put(index, { form: { ...filled, points_all: event.target.checked } })
                  }}
                />
              </>
            )}
            <Checkbox
              label={t('settings.blank')}
              checked={filled.blank}
              onChange={(event) => {
                put(index, { form: { ...filled, blank: event.target.checked } })
              }}
            />
            {papers.length > 1 && (
              <div className="actions">
                <Button
                  small
                  variant="supplementary"
                  onClick={() => {
                    form.shift('settings.papers')
                    onChange({ ...settings, papers: papers.filter((_, other) => other !== index) })
                  }}
                >
                  {t('settings.remove_paper', { name: local(paper.name) })}
                </Button>
              </div>
            )}
          </fieldset>
        )
      })}
      <div className="actions">
        <Button
          small
          variant="secondary"
          start="plus"
          onClick={() => {
            onChange({
              ...settings,
              papers: [
                ...papers,
                { id: '', name: { fi: '' }, areas: [], form: { kind: 'approval', min: 1, max: 5, blank: false } },
              ],
            })
          }}
        >
          {t('settings.add_paper')}
        </Button>
      </div>
    </section>
  )
}
