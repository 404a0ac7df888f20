import { useTranslation } from '@/lib/i18n'
import { langs, type Lang } from '@/lib/lang'
import { Select } from '@/ui/hds'

/** Both of the country's languages on one sheet. */
export const together: Lang[] = ['fi', 'sv']

/** In which languages a sheet is printed: both of the country's on one sheet, or one alone. */
export function SheetLanguage({ value, onChange }: { value: string; onChange: (spoken: string) => void }) {
  const { t } = useTranslation('sample')
  return (
    <Select
      label={t('language')}
      value={value}
      onChange={({ target }) => {
        onChange(target.value)
      }}
      options={[together.join(), ...langs].map((value) => ({
        value,
        label: value
          .split(',')
          .map((one) => t(`in.${one as Lang}`))
          .join(' + '),
      }))}
    />
  )
}
