import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, Notification, Select, TextArea } from '@/ui/hds'
import type { Schemas } from '@/lib/api'
import { useLang } from '@/lib/format'
import { limitsPublicText } from '@/lib/limits.gen'
import { deskQuery, reasons } from '@/data/desk'
import type { DecisionForm } from './decision'
import { DecisionFrame } from './DecisionFrame'
import { useFields } from '@/ui/form/useFields'

/** The reason and its public words; a template of the round gives both to begin with. */
export function RejectForm({ round, cause, slot, busy, onReady, onStop }: DecisionForm & { round: string }) {
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
  const [asked, setAsked] = useState<Schemas['Template']>()
  const begin = ({ reason, text }: Schemas['Template']) => {
    fill({ reason, 'text.fi': text.fi, 'text.sv': text.sv, 'text.en': text.en ?? '' })
    setAsked(undefined)
  }
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
    <DecisionFrame form={form} kind="reject" busy={busy} onStop={onStop} onSend={done}>
      {templates.length > 0 && (
        <Select
          label={t('decide.reject.template')}
          helper={t('decide.reject.template_help')}
          value=""
          onChange={(event) => {
            const template = templates[Number(event.target.value)]
            if (!event.target.value || !template) return
            if (isOwn(values, templates)) setAsked(template)
            else begin(template)
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
      {asked && (
        <Notification kind="alert" label={t('decide.reject.overwrite')} live>
          <p>{t('decide.reject.overwrite_text')}</p>
          <div className="actions">
            <Button
              small
              onClick={() => {
                begin(asked)
              }}
            >
              {t('decide.reject.overwrite_do')}
            </Button>
            <Button
              small
              variant="secondary"
              onClick={() => {
                setAsked(undefined)
              }}
            >
              {t('decide.reject.overwrite_not')}
            </Button>
          </div>
        </Notification>
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

/** Whether words stand there that no template would bring back. */
export const isOwn = (
  values: Record<'text.fi' | 'text.sv' | 'text.en', string>,
  templates: Pick<Schemas['Template'], 'text'>[],
): boolean =>
  (['fi', 'sv', 'en'] as const).some((lang) => {
    const words = values[`text.${lang}`].trim()
    return words !== '' && !templates.some(({ text }) => text[lang]?.trim() === words)
  })
