import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { placesQuery, undoReasons, type Place } from '@/data/polling'
import type { Round } from '@/data/round'
import { ask, office, type Schemas } from '@/lib/api'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { Button, Notification, Select } from '@/ui/hds'
import { nobody, useWhoStands, WhoStands } from './WhoStands'
import styles from './polling.module.css'

type Undo = Schemas['PaperUndo']

/** Takes a mark back while the sheet is still in the voter's hands. */
export function UndoPaper({ round, place }: { round: Round; place: Place }) {
  const { t } = useTranslation('polling')
  const cache = useQueryClient()
  const who = useWhoStands()
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
    start: { ...nobody, reason: '' },
    labels: { ...who.labels, reason: t('undo.reason') },
    check: (values) => ({
      ...who.check(values),
      reason: values.reason ? undefined : t('undo.reason_missing'),
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
        <WhoStands field={field} />
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
