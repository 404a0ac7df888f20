import { useTranslation } from '@/lib/i18n'
import { Select, TextInput } from '@/ui/hds'
import { useFormat } from '@/lib/format'
import { limitsProposalText } from '@/lib/limits.gen'
import { useLocal } from '@/ui/text'
import type { Round } from '@/data/round'
import { fieldOf, type Writing } from './writing'
import { Here } from './Here'

/** Where, and what it is about. */
export function PlaceStep({ form, round }: { form: Writing; round: Round }) {
  const { t } = useTranslation('propose')
  const { errorOf } = form
  const field = fieldOf(form)
  const local = useLocal()
  const { euros } = useFormat()
  const { areas, themes } = round.settings
  const choose = { value: '', label: t('choose') }
  return (
    <>
      <Select
        id="area"
        required
        label={t('fields.area')}
        helper={t('help.area')}
        error={errorOf('area')}
        options={[
          choose,
          ...areas.map(({ id, name, pot }) => ({ value: id, label: `${local(name)} (${euros(pot)})` })),
        ]}
        {...field('area')}
      />
      <TextInput
        id="place"
        maxLength={limitsProposalText.place.maxLength}
        label={t('fields.place')}
        helper={t('help.place')}
        error={errorOf('place')}
        {...field('place')}
      />
      <Here form={form} round={round} />
      {themes.length > 0 && (
        <Select
          id="theme"
          required
          label={t('fields.theme')}
          error={errorOf('theme')}
          options={[choose, ...themes.map(({ id, name }) => ({ value: id, label: local(name) }))]}
          {...field('theme')}
        />
      )}
    </>
  )
}
