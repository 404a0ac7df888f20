import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { documents, placesQuery, undoReasons, type Place } from '@/data/polling'
import type { Round } from '@/data/round'
import { ask, office, type Schemas } from '@/lib/api'
import { limitsPaperUndo } from '@/lib/limits.gen'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { Button, Notification, Select, TextInput } from '@/ui/hds'
import styles from './polling.module.css'

type Undo = Schemas['PaperUndo']

/** Takes a mark back while the sheet is still in the voter's hands. */
export function UndoPaper({ round, place }: { round: Round; place: Place }) {
  const { t } = useTranslation('polling')
  const cache = useQueryClient()
  const undo = useMutation({
    mutationFn: (body: Undo) =>
      ask(
        office.POST('/api/v1/rounds/{round}/places/{event}/paper-undos', {
          params: { path: { round: round.id, event: place.id } },
          body,
        }),
      ),
    gcTime: 0,
    onSuccess: () => {
      empty()
      return cache.invalidateQueries({ queryKey: placesQuery(round.id).queryKey })
    },
  })
  const { values, form, field, empty } = useFields({
    start: { identity_code: '', document: '', reason: '' },
    labels: { identity_code: t('look.identity'), document: t('look.document'), reason: t('undo.reason') },
    check: ({ identity_code, document, reason }) => ({
      identity_code: identity_code.trim() ? undefined : t('look.identity_missing'),
      document: document ? undefined : t('look.document_missing'),
      reason: reason ? undefined : t('undo.reason_missing'),
    }),
    prefix: 'undo.',
    cause: undo.error,
  })
  return (
    <details className={styles.form}>
      <summary>{t('undo.heading')}</summary>
      <Form
        form={form}
        busy={undo.isPending}
        className="stack"
        onSend={() => {
          undo.mutate({
            identity_code: values.identity_code.trim(),
            document: values.document as Undo['document'],
            reason: values.reason as Undo['reason'],
          })
        }}
        actions={
          <Button type="submit" variant="secondary" busy={undo.isPending}>
            {t('undo.button')}
          </Button>
        }
      >
        <p>{t('undo.text')}</p>
        <TextInput
          {...field('identity_code')}
          helper={t('look.identity_help')}
          required
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={limitsPaperUndo.identity_code.maxLength}
        />
        <Select
          {...field('document')}
          required
          options={[
            { value: '', label: t('look.choose') },
            ...documents.map((value) => ({ value, label: t(`documents.${value}`) })),
          ]}
        />
        <Select
          {...field('reason')}
          required
          options={[
            { value: '', label: t('look.choose') },
            ...undoReasons.map((value) => ({ value, label: t(`undo.${value}`) })),
          ]}
        />
      </Form>
      {undo.isSuccess && <Notification kind="success" label={t('undo.done')} live />}
    </details>
  )
}
