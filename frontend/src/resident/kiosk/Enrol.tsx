import { useMutation } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { useParams } from '@/lib/router'
import { ask, office } from '@/lib/api'
import { plainCode } from '@/lib/code'
import { setKiosk, wipe } from '@/lib/kiosk'
import { limitsKioskStart } from '@/lib/limits.gen'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { Button, TextInput } from '@/ui/hds'
import { Page } from '@/ui/Page'

/** Makes this browser a kiosk by an officer's code. */
export function Enrol() {
  const { t } = useTranslation('kiosk')
  const { round = '' } = useParams()
  const start = useMutation({
    mutationFn: (code: string) =>
      ask(office.PUT('/api/v1/rounds/{round}/kiosk', { params: { path: { round } }, body: { code } })),
    onSuccess: () => {
      wipe()
      setKiosk(round)
      location.reload()
    },
  })
  const { values, form, field } = useFields({
    start: { code: '' },
    labels: { code: t('enrol.code') },
    check: ({ code }) => ({ code: plainCode(code) ? undefined : t('code_missing') }),
    prefix: 'enrol.',
    cause: start.error,
  })
  return (
    <Page title={t('enrol.title')} lead={t('enrol.lead')}>
      <Form
        form={form}
        brief
        busy={start.isPending}
        onSend={() => {
          start.mutate(plainCode(values.code))
        }}
        actions={
          <Button type="submit" busy={start.isPending}>
            {t('enrol.button')}
          </Button>
        }
      >
        <TextInput
          {...field('code')}
          helper={t('enrol.helper')}
          required
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={limitsKioskStart.code.maxLength}
        />
      </Form>
    </Page>
  )
}
