import { useTranslation } from '@/lib/i18n'
import { Checkbox, Select } from '@/ui/hds'
import { NumberField } from '@/ui/read/NumberField'
import type { Schemas } from '@/lib/api'
import type { ErrorOf } from '@/ui/form/useForm'
import { RuleTrial } from './RuleTrial'
import { comparisons, completions, rules, utilities } from './settings'

type Rule = Schemas['Rule']

/** A counting rule, explained and to be tried; own: an area's, which may be left to the round's; form: of its ballots. */
export function RuleFields({
  id,
  rule,
  own = false,
  form,
  errorOf,
  onChange,
}: {
  id: string
  rule?: Rule
  own?: boolean
  form?: Schemas['Form']['kind']
  errorOf: ErrorOf
  onChange: (rule: Rule | undefined) => void
}) {
  const { t } = useTranslation('office')
  const choose = (value: string) => {
    const found = rules.find((one) => one === value)
    onChange(found && (found === 'equal-shares' ? { rule: found, completion: 'add1int-utilitarian' } : { rule: found }))
  }
  return (
    <>
      <Select
        id={`${id}.rule`}
        error={errorOf(`${id}.rule`)}
        label={t(own ? 'settings.own_rule' : 'settings.count_by')}
        value={rule?.rule ?? ''}
        options={[
          ...(own ? [{ value: '', label: t('settings.as_round') }] : []),
          ...rules.map((value) => ({ value, label: t(`settings.rules.${value}`) })),
        ]}
        onChange={(event) => {
          choose(event.target.value)
        }}
      />
      {rule && <p>{t(`settings.explain.${rule.rule}`)}</p>}
      {rule?.rule === 'greedy-threshold' && (
        <NumberField
          id={`${id}.threshold`}
          label={t('settings.threshold')}
          value={rule.threshold ?? 0}
          error={errorOf(`${id}.threshold`)}
          onChange={(threshold) => {
            onChange({ ...rule, threshold })
          }}
        />
      )}
      {rule?.rule === 'equal-shares' && (
        <>
          <Select
            id={`${id}.utility`}
            error={errorOf(`${id}.utility`)}
            label={t('settings.utility')}
            value={rule.utility ?? ''}
            options={[
              { value: '', label: t('settings.utilities.of_form') },
              ...utilities.map((value) => ({ value, label: t(`settings.utilities.${value}`) })),
            ]}
            onChange={(event) => {
              onChange({ ...rule, utility: utilities.find((one) => one === event.target.value) })
            }}
          />
          <Select
            id={`${id}.completion`}
            error={errorOf(`${id}.completion`)}
            label={t('settings.completion')}
            value={rule.completion ?? 'none'}
            options={completions.map((value) => ({ value, label: t(`settings.completions.${value}`) }))}
            onChange={(event) => {
              onChange({ ...rule, completion: completions.find((one) => one === event.target.value) ?? 'none' })
            }}
          />
          <p>{t(`settings.explain_completion.${rule.completion ?? 'none'}`)}</p>
          <Select
            id={`${id}.comparison`}
            error={errorOf(`${id}.comparison`)}
            label={t('settings.comparison')}
            value={rule.comparison ?? 'none'}
            options={comparisons.map((value) => ({ value, label: t(`settings.comparisons.${value}`) }))}
            onChange={(event) => {
              const { value } = event.target
              onChange({
                ...rule,
                comparison: value === 'satisfaction' || value === 'exclusion-ratio' ? value : undefined,
              })
            }}
          />
        </>
      )}
      {rule && (
        <Checkbox
          id={`${id}.respect_conflicts`}
          label={t('settings.respect_conflicts')}
          checked={rule.respect_conflicts ?? true}
          onChange={(event) => {
            onChange({ ...rule, respect_conflicts: event.target.checked })
          }}
        />
      )}
      {rule && form && <RuleTrial key={JSON.stringify([rule, form])} rule={rule} form={form} />}
    </>
  )
}
