import { useTranslation } from '@/lib/i18n'
import { Notification, TextArea, TextInput } from '@/ui/hds'
import { fieldOf, type Writing } from './writing'
import { Similar } from './Similar'
import { limitsProposalText } from '@/lib/limits.gen'

/** What is proposed, and why. */
export function IdeaStep({
  form,
  round,
  proposal,
  bilingual,
}: {
  form: Writing
  round: string
  proposal?: number
  bilingual?: boolean
}) {
  const { t } = useTranslation('propose')
  const { fields, errorOf } = form
  const field = fieldOf(form)
  return (
    <>
      <TextInput
        id="title"
        required
        maxLength={limitsProposalText.title.maxLength}
        label={t('fields.title')}
        helper={t('help.title')}
        error={errorOf('title')}
        {...field('title')}
      />
      <Similar round={round} title={fields.title} but={proposal} />
      <TextArea
        id="what"
        required
        maxLength={limitsProposalText.what.maxLength}
        rows={7}
        label={t('fields.what')}
        helper={t('help.what')}
        error={errorOf('what')}
        {...field('what')}
      />
      <TextArea
        id="why"
        maxLength={limitsProposalText.why.maxLength}
        label={t('fields.why')}
        helper={t('help.why')}
        error={errorOf('why')}
        {...field('why')}
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
            error={errorOf('title_sv')}
            {...field('title_sv')}
          />
          <TextArea
            id="what_sv"
            required
            maxLength={limitsProposalText.what.maxLength}
            rows={7}
            lang="sv"
            label={t('fields.what_sv')}
            error={errorOf('what_sv')}
            {...field('what_sv')}
          />
          <TextArea
            id="why_sv"
            maxLength={limitsProposalText.why.maxLength}
            lang="sv"
            label={t('fields.why_sv')}
            error={errorOf('why_sv')}
            {...field('why_sv')}
          />
        </>
      )}
    </>
  )
}
