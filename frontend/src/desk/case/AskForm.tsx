import { useTranslation } from 'react-i18next'
import { TextArea, TextInput } from '@/ui/hds'
import type { DecisionForm } from './decision'
import { FormFrame } from '@/ui/form/FormFrame'
import { dayAfter, endOfDay } from '@/lib/day'
import { useFields } from '@/ui/form/useFields'
import { limitsQuestion } from '@/lib/limits.gen'

/** The question, and until which day the author may answer it. */
export function AskForm({ now, onReady, onStop }: DecisionForm & { now: string }) {
  const { t } = useTranslation('desk')
  const [first, last] = [dayAfter(now, 1), dayAfter(now, 59)]
  const { field, submit, ...form } = useFields(
    { text: '', day: dayAfter(now, 14) },
    { text: t('decide.ask.text'), day: t('decide.ask.day') },
    ({ text, day }) => ({
      ...(text.trim() ? {} : { text: t('decide.required') }),
      ...(day >= first && day <= last ? {} : { day: t('decide.ask.day_wrong') }),
    }),
  )
  const done = () => {
    submit(({ text, day }) => {
      onReady({ kind: 'ask', body: { text: text.trim(), answer_by: endOfDay(day) } })
    })
  }
  return (
    <FormFrame send={t('decide.next')} stop={t('decide.stop')} {...form} onStop={onStop} onSubmit={done}>
      <TextArea
        {...field('text')}
        helper={t('decide.ask.help')}
        required
        rows={5}
        maxLength={limitsQuestion.text.maxLength}
      />
      <TextInput {...field('day')} helper={t('decide.ask.day_help')} required type="date" min={first} max={last} />
    </FormFrame>
  )
}
