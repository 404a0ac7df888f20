import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, Select } from '@/ui/hds'
import { Form } from '@/ui/form/Form'
import { useForm } from '@/ui/form/useForm'
import { ask, office, type Schemas } from '@/lib/api'
import { useLocal } from '@/ui/text'
import type { Delivery } from '@/data/delivery'
import { useSaved } from './useSaved'

/** Hands the project to a division; who had it before stays in its history. */
export function AssignForm({ delivery, divisions }: { delivery: Delivery; divisions: Schemas['DeliveryDivision'][] }) {
  const { t } = useTranslation('delivery')
  const local = useLocal()
  const saved = useSaved(delivery)
  const { round, project, site, version } = delivery
  const [division, setDivision] = useState(delivery.division || (divisions[0]?.id ?? ''))
  const send = useMutation({
    mutationFn: () =>
      ask(
        office.PUT('/api/v1/rounds/{round}/deliveries/{project}/sites/{site}/division', {
          params: { path: { round, project, site } },
          body: { version, division },
        }),
      ),
    onSuccess: (story) =>
      saved(story, t('report.assigned', { division: local(divisions.find(({ id }) => id === division)?.name) })),
  })
  const form = useForm({ cause: send.error, prefix: 'assign.' })
  return (
    <Form
      form={form}
      busy={send.isPending}
      onSend={() => {
        send.mutate()
      }}
      actions={
        <Button type="submit" variant="secondary" busy={send.isPending}>
          {t('report.assign_send')}
        </Button>
      }
    >
      <Select
        id="assign.division"
        label={t('report.assign')}
        error={form.errorOf('division')}
        value={division}
        options={divisions.map(({ id, name }) => ({ value: id, label: local(name) }))}
        onChange={({ target }) => {
          setDivision(target.value)
        }}
      />
    </Form>
  )
}
