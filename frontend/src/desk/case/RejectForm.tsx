import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Select, TextArea } from '@/ui/hds'
import { useLang } from '@/lib/format'
import { limitsPublicText } from '@/lib/limits.gen'
import { deskQuery, reasons } from '@/data/desk'
import type { DecisionForm } from './decision'
import { FormFrame } from '@/ui/form/FormFrame'
import { useFields } from '@/ui/form/useFields'

/** The reason and its public words; a template of the round gives both to begin with. */
export function RejectForm({ round, onReady, onStop }: DecisionForm & { round: string }) {
  const { t } = useTranslation(['desk', 'proposal'])
  const lang = useLang()
  const templates = useQuery(deskQuery(round)).data?.templates ?? []
  const { field, fill, submit, ...form } = useFields(
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
      if (code)
        onReady({
          kind: 'reject',
          body: { reason: code, text: { fi: fi.trim(), sv: sv.trim(), ...(en.trim() && { en: en.trim() }) } },
        })
    })
  }
  return (
    <FormFrame send={t('decide.next')} stop={t('decide.stop')} {...form} onStop={onStop} onSubmit={done}>
      {templates.length > 0 && (
        <Select
          label={t('decide.reject.template')}
          helper={t('decide.reject.template_help')}
          value=""
          onChange={(event) => {
            const template = templates[Number(event.target.value)]
            if (event.target.value && template)
              fill({ reason: template.reason, fi: template.text.fi, sv: template.text.sv, en: template.text.en ?? '' })
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
        {...field('fi')}
        helper={t('decide.reject.help')}
        required
        rows={4}
        maxLength={limitsPublicText.fi.maxLength}
        lang="fi"
      />
      <TextArea {...field('sv')} required rows={4} maxLength={limitsPublicText.sv.maxLength} lang="sv" />
      <TextArea {...field('en')} rows={3} maxLength={limitsPublicText.en.maxLength} lang="en" />
    </FormFrame>
  )
}

const shortened = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text)
