import type { UseFormReturn } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { Select, TextInput } from '@/ui/hds'
import { useFormat } from '@/lib/format'
import { limitsProposalText } from '@/lib/limits.gen'
import { useLocal } from '@/ui/text'
import type { Round } from '@/data/round'
import type { Fields } from './draft'
import { Here } from './Here'

/** Where, and what it is about. */
export function PlaceStep({ form, round }: { form: UseFormReturn<Fields>; round: Round }) {
  const { t } = useTranslation(['propose', 'problem'])
  const local = useLocal()
  const { euros } = useFormat()
  const { errors } = form.formState
  const required = (text: string) => text.trim() !== '' || t('problem:field.required')
  const { areas, themes } = round.settings
  const choose = { value: '', label: t('choose') }
  return (
    <>
      <Select
        id="area"
        required
        label={t('fields.area')}
        helper={t('help.area')}
        error={errors.area?.message}
        options={[
          choose,
          ...areas.map(({ id, name, pot }) => ({ value: id, label: `${local(name)} (${euros(pot)})` })),
        ]}
        {...form.register('area', { validate: required })}
      />
      <TextInput
        id="place"
        maxLength={limitsProposalText.place.maxLength}
        label={t('fields.place')}
        helper={t('help.place')}
        error={errors.place?.message}
        {...form.register('place')}
      />
      <Here form={form} round={round} />
      {themes.length > 0 && (
        <Select
          id="theme"
          required
          label={t('fields.theme')}
          error={errors.theme?.message}
          options={[choose, ...themes.map(({ id, name }) => ({ value: id, label: local(name) }))]}
          {...form.register('theme', { validate: required })}
        />
      )}
    </>
  )
}
