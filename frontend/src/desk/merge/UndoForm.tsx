import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, TextArea } from '@/ui/hds'
import { FormFrame } from '@/ui/form/FormFrame'
import { useFields } from '@/ui/form/useFields'
import { ask, office } from '@/lib/api'
import { limitsPublicText } from '@/lib/limits.gen'
import { Trouble } from '@/ui/problem/Trouble'
import { useStep } from '@/data/merge'

/** Puts everything back, with a public reason in both languages. */
export function UndoForm({ round, merge }: { round: string; merge: number }) {
  const { t } = useTranslation('merge')
  const [writing, setWriting] = useState(false)
  const { field, submit, ...form } = useFields(
    { fi: '', sv: '', en: '' },
    { fi: t('state.fi'), sv: t('state.sv'), en: t('state.en') },
    ({ fi, sv }) => ({
      ...(fi.trim() ? {} : { fi: t('desk.required') }),
      ...(sv.trim() ? {} : { sv: t('desk.required') }),
    }),
  )
  const undo = useStep(
    round,
    ({ fi, sv, en }: Record<'fi' | 'sv' | 'en', string>) =>
      ask(
        office.POST('/api/v1/rounds/{round}/merges/{merge}/undo', {
          params: { path: { round, merge } },
          body: { text: { fi: fi.trim(), sv: sv.trim(), ...(en.trim() && { en: en.trim() }) } },
        }),
      ),
    t('state.undone'),
  )
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
      {undo.error && <Trouble cause={undo.error} />}
      <FormFrame
        {...form}
        send={t('state.undo_send')}
        stop={t('state.undo_keep')}
        onStop={() => {
          setWriting(false)
        }}
        onSubmit={() => {
          submit((values) => {
            undo.mutate(values)
          })
        }}
      >
        <TextArea {...field('fi')} required rows={3} maxLength={limitsPublicText.fi.maxLength} lang="fi" />
        <TextArea {...field('sv')} required rows={3} maxLength={limitsPublicText.sv.maxLength} lang="sv" />
        <TextArea {...field('en')} rows={2} maxLength={limitsPublicText.en.maxLength} lang="en" />
      </FormFrame>
    </div>
  )
}
