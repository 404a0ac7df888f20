import { useWatch, type UseFormReturn } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { Notification, TextArea, TextInput } from '@/ui/hds'
import type { Fields } from './draft'
import { Similar } from './Similar'
import { limitsProposalText } from '@/lib/limits.gen'

/** What is proposed, and why. */
export function IdeaStep({
  form,
  round,
  proposal,
  bilingual,
}: {
  form: UseFormReturn<Fields>
  round: string
  proposal?: number
  bilingual?: boolean
}) {
  const { t } = useTranslation(['propose', 'problem'])
  const { errors } = form.formState
  const title = useWatch({ control: form.control, name: 'title' })
  const required = (text: string) => text.trim() !== '' || t('problem:field.required')
  return (
    <>
      <TextInput
        id="title"
        required
        maxLength={limitsProposalText.title.maxLength}
        label={t('fields.title')}
        helper={t('help.title')}
        error={errors.title?.message}
        {...form.register('title', { validate: required })}
      />
      <Similar round={round} title={title} but={proposal} />
      <TextArea
        id="what"
        required
        maxLength={limitsProposalText.what.maxLength}
        rows={7}
        label={t('fields.what')}
        helper={t('help.what')}
        error={errors.what?.message}
        {...form.register('what', { validate: required })}
      />
      <TextArea
        id="why"
        maxLength={limitsProposalText.why.maxLength}
        label={t('fields.why')}
        helper={t('help.why')}
        error={errors.why?.message}
        {...form.register('why')}
      />
      {bilingual && (
        <>
          <Notification label={t('bilingual.title')}>{t('bilingual.text')}</Notification>
          <TextInput
            id="title_sv"
            required
            maxLength={limitsProposalText.title.maxLength}
            lang="sv"
            label={t('fields.title_sv')}
            error={errors.title_sv?.message}
            {...form.register('title_sv', { validate: required })}
          />
          <TextArea
            id="what_sv"
            required
            maxLength={limitsProposalText.what.maxLength}
            rows={7}
            lang="sv"
            label={t('fields.what_sv')}
            error={errors.what_sv?.message}
            {...form.register('what_sv', { validate: required })}
          />
          <TextArea
            id="why_sv"
            maxLength={limitsProposalText.why.maxLength}
            lang="sv"
            label={t('fields.why_sv')}
            error={errors.why_sv?.message}
            {...form.register('why_sv')}
          />
        </>
      )}
    </>
  )
}
