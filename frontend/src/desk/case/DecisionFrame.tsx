import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/hds'
import { Form } from '@/ui/form/Form'
import type { FormState } from '@/ui/form/useForm'

/** A decision that is being written: on to its confirmation, or back. */
export function DecisionFrame({
  form,
  onSend,
  onStop,
  children,
}: {
  form: FormState
  onSend: () => void
  onStop: () => void
  children: ReactNode
}) {
  const { t } = useTranslation('desk')
  return (
    <Form
      form={form}
      onSend={onSend}
      actions={
        <>
          <Button type="submit">{t('decide.next')}</Button>
          <Button variant="secondary" onClick={onStop}>
            {t('decide.stop')}
          </Button>
        </>
      }
    >
      {children}
    </Form>
  )
}
