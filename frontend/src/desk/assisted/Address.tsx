import { useTranslation } from '@/lib/i18n'
import { TextInput } from '@/ui/hds'
import { limitsNewAssisted } from '@/lib/limits.gen'

/** Where a letter carries the code, in the proposal's language; nobody needs to give one. */
export function Address({
  value,
  error,
  onChange,
}: {
  value: string
  error?: string
  onChange: (value: string) => void
}) {
  const { t } = useTranslation('assisted')
  return (
    <TextInput
      id="address"
      type="email"
      maxLength={limitsNewAssisted.address.maxLength}
      autoComplete="off"
      label={t('address.label')}
      helper={t('address.help')}
      error={error}
      value={value}
      onChange={(event) => {
        onChange(event.target.value)
      }}
    />
  )
}
