import { useTranslation } from '@/lib/i18n'
import { TextArea } from '@/ui/hds'
import { limitsPublicText } from '@/lib/limits.gen'
import type { DecisionForm } from './decision'
import { DecisionFrame } from './DecisionFrame'
import { useFields } from '@/ui/form/useFields'

/** Why a decision is taken back, for everybody. */
export function ReopenForm({ cause, slot, busy, onReady, onStop }: DecisionForm) {
  const { t } = useTranslation('desk')
  const needed = (text: string) => (text.trim() ? undefined : t('decide.required'))
  const { values, field, form } = useFields({
    start: { 'text.fi': '', 'text.sv': '', 'text.en': '' },
    labels: { 'text.fi': t('decide.text.fi'), 'text.sv': t('decide.text.sv'), 'text.en': t('decide.text.en') },
    check: (values) => ({ 'text.fi': needed(values['text.fi']), 'text.sv': needed(values['text.sv']) }),
    prefix: 'decision.',
    cause,
    slot,
  })
  const done = () => {
    const en = values['text.en'].trim()
    onReady({
      kind: 'reopen',
      body: { text: { fi: values['text.fi'].trim(), sv: values['text.sv'].trim(), ...(en && { en }) } },
    })
  }
  return (
    <DecisionFrame form={form} kind="reopen" busy={busy} onStop={onStop} onSend={done}>
      <TextArea
        {...field('text.fi')}
        helper={t('decide.reopen.help')}
        required
        rows={3}
        maxLength={limitsPublicText.fi.maxLength}
        lang="fi"
      />
      <TextArea {...field('text.sv')} required rows={3} maxLength={limitsPublicText.sv.maxLength} lang="sv" />
      <TextArea {...field('text.en')} rows={3} maxLength={limitsPublicText.en.maxLength} lang="en" />
    </DecisionFrame>
  )
}
