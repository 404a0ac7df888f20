import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { deskQuery, reasons } from '@/data/desk'
import type { Round } from '@/data/round'
import type { Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { limitsBulkDecision, limitsPublicText } from '@/lib/limits.gen'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { Button, Select, TextArea } from '@/ui/hds'
import { useLocal } from '@/ui/text'

type Decision = Omit<Schemas['BulkDecision'], 'proposals'>

/** What a rejection of many, or a change of their theme, wants to be told. */
export function BulkForm({
  round,
  deed,
  count,
  cause,
  busy,
  onSend,
}: {
  round: Round
  deed: 'reject' | 'correct'
  count: number
  cause: unknown
  busy: boolean
  onSend: (decision: Decision) => void
}) {
  const { t } = useTranslation(['desk', 'proposal'])
  const local = useLocal()
  const { number } = useFormat()
  const templates = useQuery(deskQuery(round.id)).data?.templates ?? []
  const rejects = deed === 'reject'
  const needed = (text: string, where: boolean) => (where && !text.trim() ? t('decide.required') : undefined)
  const { values, field, fill, form } = useFields({
    start: { reason: '', 'text.fi': '', 'text.sv': '', 'text.en': '', theme: '', why: '' },
    labels: {
      reason: t('decide.reject.reason'),
      'text.fi': t('decide.text.fi'),
      'text.sv': t('decide.text.sv'),
      'text.en': t('decide.text.en'),
      theme: t('correct.theme'),
      why: t('correct.reason'),
    },
    check: (values) => ({
      reason: needed(values.reason, rejects),
      'text.fi': needed(values['text.fi'], rejects),
      'text.sv': needed(values['text.sv'], rejects),
      theme: needed(values.theme, !rejects),
      why: needed(values.why, !rejects),
    }),
    prefix: 'bulk.',
    cause,
    slot: `bulk.${round.id}.${deed}`,
  })
  // A template fills in what is empty; words of one's own stay.
  const chosen = (reason: string) => {
    const template = templates.find((one) => one.reason === reason)
    const own = (['fi', 'sv', 'en'] as const).some((lang) => {
      const words = values[`text.${lang}`].trim()
      return words !== '' && !templates.some(({ text }) => text[lang]?.trim() === words)
    })
    if (template && !own)
      fill({ 'text.fi': template.text.fi, 'text.sv': template.text.sv, 'text.en': template.text.en ?? '' })
  }
  const send = () => {
    const reason = reasons.find((one) => one === values.reason)
    const en = values['text.en'].trim()
    if (!rejects) onSend({ action: 'correct', theme: values.theme, why: values.why.trim() })
    else if (reason)
      onSend({
        action: 'reject',
        reason,
        text: { fi: values['text.fi'].trim(), sv: values['text.sv'].trim(), ...(en && { en }) },
      })
  }
  const reasonField = field('reason')
  return (
    <Form
      form={form}
      busy={busy}
      onSend={send}
      actions={
        <Button type="submit" variant={rejects ? 'danger' : 'primary'} busy={busy}>
          {t(`bulk.${deed}_do`, { count, number: number(count) })}
        </Button>
      }
    >
      {rejects ? (
        <>
          <Select
            {...reasonField}
            helper={t('bulk.reason_help')}
            required
            onChange={(event) => {
              reasonField.onChange(event)
              chosen(event.target.value)
            }}
            options={[
              { value: '', label: t('decide.reject.choose') },
              ...reasons.map((reason) => ({ value: reason, label: t(`proposal:reason.${reason}`) })),
            ]}
          />
          <TextArea {...field('text.fi')} required rows={3} maxLength={limitsPublicText.fi.maxLength} lang="fi" />
          <TextArea {...field('text.sv')} required rows={3} maxLength={limitsPublicText.sv.maxLength} lang="sv" />
          <TextArea {...field('text.en')} rows={2} maxLength={limitsPublicText.en.maxLength} lang="en" />
        </>
      ) : (
        <>
          <Select
            {...field('theme')}
            required
            options={[
              { value: '', label: t('bulk.choose_theme') },
              ...round.settings.themes.map(({ id, name }) => ({ value: id, label: local(name) })),
            ]}
          />
          <TextArea
            {...field('why')}
            helper={t('correct.reason_help')}
            required
            rows={2}
            maxLength={limitsBulkDecision.why.maxLength}
          />
        </>
      )}
    </Form>
  )
}
