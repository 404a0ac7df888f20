import { useTranslation } from 'react-i18next'
import { Select, TextArea } from '@/hds'
import { reasons, type DecisionForm } from './decision'
import { FormFrame } from './FormFrame'
import { useFields } from './useFields'

export function RejectForm({ onReady, onStop }: DecisionForm) {
  const { t } = useTranslation(['desk', 'proposal'])
  const { field, submit, ...form } = useFields(
    { reason: '', fi: '', sv: '', en: '' },
    { reason: t('decide.reject.reason'), fi: t('decide.text.fi'), sv: t('decide.text.sv'), en: t('decide.text.en') },
    ({ reason, fi, sv }) => ({
      ...(reason ? {} : { reason: t('decide.required') }),
      ...(fi.trim() ? {} : { fi: t('decide.required') }),
      ...(sv.trim() ? {} : { sv: t('decide.required') }),
    }),
  )
  const done = () => {
    submit(({ reason, fi, sv, en }) => {
      const code = reasons.find((one) => one === reason)
      if (code) onReady({ kind: 'reject', body: { reason: code, text: { fi: fi.trim(), sv: sv.trim(), ...(en.trim() && { en: en.trim() }) } } })
    })
  }
  return (
    <FormFrame {...form} onStop={onStop} onSubmit={done}>
      <Select {...field('reason')} required options={[{ value: '', label: t('decide.reject.choose') }, ...reasons.map((reason) => ({ value: reason, label: t(`proposal:reason.${reason}`) }))]} />
      <TextArea {...field('fi')} helper={t('decide.reject.help')} required rows={4} maxLength={5000} lang="fi" />
      <TextArea {...field('sv')} required rows={4} maxLength={5000} lang="sv" />
      <TextArea {...field('en')} rows={3} maxLength={5000} lang="en" />
    </FormFrame>
  )
}
