import { useTranslation } from 'react-i18next'
import { TextArea } from '@/hds'
import type { DecisionForm } from './decision'
import { FormFrame } from './FormFrame'
import { useFields } from './useFields'

export function AskForm({ onReady, onStop }: DecisionForm) {
  const { t } = useTranslation('desk')
  const { field, submit, ...form } = useFields({ text: '' }, { text: t('decide.ask.text') }, ({ text }) => (text.trim() ? {} : { text: t('decide.required') }))
  return (
    <FormFrame {...form} onStop={onStop} onSubmit={() => { submit(({ text }) => { onReady({ kind: 'ask', body: { text: text.trim() } }) }) }}>
      <TextArea {...field('text')} helper={t('decide.ask.help')} required rows={5} maxLength={5000} />
    </FormFrame>
  )
}
