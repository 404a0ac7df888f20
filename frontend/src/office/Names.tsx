import { useTranslation } from '@/lib/i18n'
import { TextInput } from '@/ui/hds'
import type { Text } from '@/ui/text'
import type { ErrorOf } from '@/ui/form/useForm'
import styles from './office.module.css'

interface Named {
  id: string
  name: Text
}

/** Address and names of an area, a paper or a theme; at is its path in the contract. */
export function Names({
  at,
  of,
  onChange,
  errorOf,
}: {
  at: string
  of: Named
  onChange: (part: Partial<Named>) => void
  errorOf: ErrorOf
}) {
  const { t } = useTranslation('office')
  const { id, name } = of
  return (
    <div className={styles.pairs}>
      <TextInput
        id={`${at}.name.fi`}
        label={t('settings.name_fi')}
        required
        maxLength={200}
        value={name.fi ?? ''}
        error={errorOf(`${at}.name.fi`)}
        onChange={(event) => {
          onChange({ name: { ...name, fi: event.target.value } })
        }}
      />
      <TextInput
        id={`${at}.name.sv`}
        label={t('settings.name_sv')}
        maxLength={200}
        value={name.sv ?? ''}
        error={errorOf(`${at}.name.sv`)}
        onChange={(event) => {
          onChange({ name: { ...name, sv: event.target.value } })
        }}
      />
      <TextInput
        id={`${at}.name.en`}
        label={t('settings.name_en')}
        maxLength={200}
        value={name.en ?? ''}
        error={errorOf(`${at}.name.en`)}
        onChange={(event) => {
          onChange({ name: { ...name, en: event.target.value } })
        }}
      />
      <TextInput
        id={`${at}.id`}
        label={t('settings.address')}
        required
        maxLength={60}
        value={id}
        error={errorOf(`${at}.id`)}
        onChange={(event) => {
          onChange({ id: event.target.value })
        }}
      />
    </div>
  )
}
