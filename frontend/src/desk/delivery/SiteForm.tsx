import { useMutation } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Button, TextInput } from '@/ui/hds'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { ask, office } from '@/lib/api'
import type { Delivery } from '@/data/delivery'
import { useSaved } from './useSaved'

/** One more place at which the project is built. */
export function SiteForm({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation('delivery')
  const saved = useSaved(delivery)
  const { round, project } = delivery
  const send = useMutation({
    mutationFn: (name: { fi: string; sv: string }) =>
      ask(
        office.POST('/api/v1/rounds/{round}/deliveries/{project}/sites', {
          params: { path: { round, project } },
          body: { name },
        }),
      ),
    onSuccess: async (story) => {
      empty()
      await saved(story, t('report.site_added'))
    },
  })
  const { values, form, field, empty } = useFields({
    start: { 'name.fi': '', 'name.sv': '' },
    labels: {
      'name.fi': `${t('report.site_name')}, ${t('report.fi')}`,
      'name.sv': `${t('report.site_name')}, ${t('report.sv')}`,
    },
    check: () => ({}),
    prefix: 'site.',
    cause: send.error,
  })
  return (
    <Form
      form={form}
      busy={send.isPending}
      onSend={() => {
        send.mutate({ fi: values['name.fi'], sv: values['name.sv'] })
      }}
      actions={
        <Button type="submit" variant="secondary" busy={send.isPending}>
          {t('report.site_send')}
        </Button>
      }
    >
      <h2>{t('report.site')}</h2>
      <TextInput {...field('name.fi')} lang="fi" required maxLength={200} />
      <TextInput {...field('name.sv')} lang="sv" required maxLength={200} />
    </Form>
  )
}
