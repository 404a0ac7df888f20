import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, TextArea } from '@/ui/hds'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { ask, office, type Schemas } from '@/lib/api'
import { limitsPublicText } from '@/lib/limits.gen'
import { useStep } from '@/data/merge'

/** Puts everything back, with a public reason in both languages. */
export function UndoForm({ round, merge }: { round: string; merge: number }) {
  const { t } = useTranslation('merge')
  const [writing, setWriting] = useState(false)
  const undo = useStep(
    round,
    (text: Schemas['PublicText']) =>
      ask(
        office.POST('/api/v1/rounds/{round}/merges/{merge}/undo', {
          params: { path: { round, merge } },
          body: { text },
        }),
      ),
    t('state.undone'),
  )
  const needed = (text: string) => (text.trim() ? undefined : t('desk.required'))
  const { values, field, form } = useFields({
    start: { 'text.fi': '', 'text.sv': '', 'text.en': '' },
    labels: { 'text.fi': t('state.fi'), 'text.sv': t('state.sv'), 'text.en': t('state.en') },
    check: (values) => ({ 'text.fi': needed(values['text.fi']), 'text.sv': needed(values['text.sv']) }),
    prefix: 'undo.',
    cause: undo.error,
    slot: `undo.${round}.${String(merge)}`,
  })
  if (!writing)
    return (
      <Button
        small
        variant="secondary"
        onClick={() => {
          setWriting(true)
        }}
      >
        {t('state.undo')}
      </Button>
    )
  return (
    <div className="stack">
      <h3>{t('state.undo_heading')}</h3>
      <p>{t('state.undo_does')}</p>
      <Form
        form={form}
        busy={undo.isPending}
        onSend={() => {
          const en = values['text.en'].trim()
          undo.mutate({ fi: values['text.fi'].trim(), sv: values['text.sv'].trim(), ...(en && { en }) })
        }}
        actions={
          <>
            <Button type="submit" busy={undo.isPending}>
              {t('state.undo_send')}
            </Button>
            <Button
              variant="secondary"
              onClick={() => {
                setWriting(false)
              }}
            >
              {t('state.undo_keep')}
            </Button>
          </>
        }
      >
        <TextArea {...field('text.fi')} required rows={3} maxLength={limitsPublicText.fi.maxLength} lang="fi" />
        <TextArea {...field('text.sv')} required rows={3} maxLength={limitsPublicText.sv.maxLength} lang="sv" />
        <TextArea {...field('text.en')} rows={2} maxLength={limitsPublicText.en.maxLength} lang="en" />
      </Form>
    </div>
  )
}
