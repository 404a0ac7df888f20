import { useTranslation } from '@/lib/i18n'
import type { ReactNode } from 'react'
import type { Schemas } from '@/lib/api'
import { Checkbox, TextInput } from '@/ui/hds'
import type { ErrorOf, Wrong } from '@/ui/form/useForm'

export interface WrittenName {
  name: Schemas['Text']
  rehearsal: boolean
}

const languages = ['fi', 'sv', 'en'] as const

/** As the server wants it (domain/round/validate.go): the languages in which the city speaks to everybody. */
const needed = ['fi', 'sv'] as const

/** What is missing of a round's name, in the word for that. */
export const unnamed = ({ name }: WrittenName, missing: string): Wrong =>
  Object.fromEntries(needed.map((lang) => [`name.${lang}`, name[lang]?.trim() ? undefined : missing]))

export const trimmed = ({ fi, sv, en }: Schemas['Text']): Schemas['Text'] => ({
  fi: fi.trim(),
  sv: sv?.trim(),
  en: en?.trim() || undefined,
})

/** What a round is called, and whether it is a rehearsal; between them what else the page asks for. */
export function NameFields({
  written,
  onChange,
  errorOf,
  children,
}: {
  written: WrittenName
  onChange: (written: WrittenName) => void
  errorOf: ErrorOf
  children?: ReactNode
}) {
  const { t } = useTranslation('office')
  const { name, rehearsal } = written
  return (
    <>
      {languages.map((lang) => (
        <TextInput
          key={lang}
          id={`name.${lang}`}
          label={t(`settings.name_${lang}`)}
          required={needed.some((one) => one === lang)}
          maxLength={200}
          value={name[lang] ?? ''}
          error={errorOf(`name.${lang}`)}
          onChange={(event) => {
            onChange({ name: { ...name, [lang]: event.target.value }, rehearsal })
          }}
        />
      ))}
      {children}
      <Checkbox
        id="rehearsal"
        label={t('create.rehearsal')}
        checked={rehearsal}
        onChange={(event) => {
          onChange({ name, rehearsal: event.target.checked })
        }}
      />
    </>
  )
}
