import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Select, TextArea } from '@/ui/hds'
import { useLang } from '@/lib/format'
import { limitsPublicText } from '@/lib/limits.gen'
import { deskQuery, reasons } from '@/data/desk'
import type { DecisionForm } from './decision'
import { DecisionFrame } from './DecisionFrame'
import { useFields } from '@/ui/form/useFields'

/** The reason and its public words; a template of the round gives both to begin with. */
export function RejectForm({ round, cause, slot, onReady, onStop }: DecisionForm & { round: string }) {
  const { t } = useTranslation(['desk', 'proposal'])
  const lang = useLang()
  const templates = useQuery(deskQuery(round)).data?.templates ?? []
  const needed = (text: string) => (text.trim() ? undefined : t('decide.required'))
  const { values, field, fill, form } = useFields({
    start: { reason: '', 'text.fi': '', 'text.sv': '', 'text.en': '' },
    labels: {
      reason: t('decide.reject.reason'),
      'text.fi': t('decide.text.fi'),
      'text.sv': t('decide.text.sv'),
      'text.en': t('decide.text.en'),
    },
    check: (values) => ({
      reason: needed(values.reason),
      'text.fi': needed(values['text.fi']),
      'text.sv': needed(values['text.sv']),
    }),
    prefix: 'decision.',
    cause,
    slot,
  })
  const done = () => {
    const reason = reasons.find((one) => one === values.reason)
    const en = values['text.en'].trim()
    if (reason)
      onReady({
        kind: 'reject',
        body: { reason, text: { fi: values['text.fi'].trim(), sv: values['text.sv'].trim(), ...(en && { en }) } },
      })
  }
  return (
    <DecisionFrame form={form} onStop={onStop} onSend={done}>
      {templates.length > 0 && (
        <Select
          label={t('decide.reject.template')}
          helper={t('decide.reject.template_help')}
          value=""
          onChange={(event) => {
            const template = templates[Number(event.target.value)]
            if (event.target.value && template)
              fill({
                reason: template.reason,
                'text.fi': template.text.fi,
                'text.sv': template.text.sv,
                'text.en': template.text.en ?? '',
              })
          }}
          options={[
            { value: '', label: t('decide.reject.template_choose') },
            ...templates.map(({ reason, text }, index) => ({
              value: String(index),
              label: `${t(`proposal:reason.${reason}`)}: ${shortened(text[lang] ?? text.fi)}`,
            })),
          ]}
        />
      )}
      <Select
        {...field('reason')}
        required
        options={[
          { value: '', label: t('decide.reject.choose') },
          ...reasons.map((reason) => ({ value: reason, label: t(`proposal:reason.${reason}`) })),
        ]}
      />
      <TextArea
        {...field('text.fi')}
        helper={t('decide.reject.help')}
        required
        rows={4}
        maxLength={limitsPublicText.fi.maxLength}
        lang="fi"
      />
      <TextArea {...field('text.sv')} required rows={4} maxLength={limitsPublicText.sv.maxLength} lang="sv" />
      <TextArea {...field('text.en')} rows={3} maxLength={limitsPublicText.en.maxLength} lang="en" />
    </DecisionFrame>
  )
}

const shortened = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text)
