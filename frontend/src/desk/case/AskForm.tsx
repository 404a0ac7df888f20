import { useTranslation } from '@/lib/i18n'
import { Notification, TextArea, TextInput } from '@/ui/hds'
import type { DecisionForm } from './decision'
import { DecisionFrame } from './DecisionFrame'
import { dayAfter, endOfDay } from '@/lib/day'
import { useFields } from '@/ui/form/useFields'
import { limitsQuestion } from '@/lib/limits.gen'

/** The question, and until which day the author may answer it. */
export function AskForm({
  now,
  nobody,
  cause,
  slot,
  busy,
  onReady,
  onStop,
}: DecisionForm & { now: string; nobody: boolean }) {
  const { t } = useTranslation('desk')
  const [first, last] = [dayAfter(now, 1), dayAfter(now, 59)]
  const { values, field, form } = useFields({
    start: { text: '', answer_by: dayAfter(now, 14) },
    labels: { text: t('decide.ask.text'), answer_by: t('decide.ask.day') },
    check: ({ text, answer_by }) => ({
      text: text.trim() ? undefined : t('decide.required'),
      answer_by: answer_by >= first && answer_by <= last ? undefined : t('decide.ask.day_wrong'),
    }),
    prefix: 'decision.',
    cause,
    slot,
  })
  const done = () => {
    onReady({ kind: 'ask', body: { text: values.text.trim(), answer_by: endOfDay(values.answer_by) } })
  }
  return (
    <DecisionFrame form={form} kind="ask" busy={busy} onStop={onStop} onSend={done}>
      {nobody && (
        <Notification kind="alert" label={t('decide.ask.nobody')}>
          {t('decide.ask.nobody_text')}
        </Notification>
      )}
      <TextArea
        {...field('text')}
        helper={t('decide.ask.help')}
        required
        rows={5}
        maxLength={limitsQuestion.text.maxLength}
      />
      <TextInput
        {...field('answer_by')}
        helper={t('decide.ask.day_help')}
        required
        type="date"
        min={first}
        max={last}
      />
    </DecisionFrame>
  )
}
