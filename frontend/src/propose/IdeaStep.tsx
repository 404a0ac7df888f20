import type { UseFormReturn } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { TextArea, TextInput } from '@/hds'
import type { Fields } from './draft'

/** What is proposed, and why. */
export function IdeaStep({ form }: { form: UseFormReturn<Fields> }) {
  const { t } = useTranslation(['propose', 'problem'])
  const { errors } = form.formState
  const required = (text: string) => text.trim() !== '' || t('problem:field.required')
  return (
    <>
      <TextInput id="title" required maxLength={100} label={t('fields.title')} helper={t('help.title')} error={errors.title?.message} {...form.register('title', { validate: required })} />
      <TextArea id="what" required maxLength={5000} rows={7} label={t('fields.what')} helper={t('help.what')} error={errors.what?.message} {...form.register('what', { validate: required })} />
      <TextArea id="why" maxLength={5000} label={t('fields.why')} helper={t('help.why')} error={errors.why?.message} {...form.register('why')} />
    </>
  )
}
