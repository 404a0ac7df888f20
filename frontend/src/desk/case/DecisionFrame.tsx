import type { ReactNode } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button } from '@/ui/hds'
import { Form } from '@/ui/form/Form'
import type { FormState } from '@/ui/form/useForm'

/** A decision that is being written: what it does, its fields, and the button that decides. */
export function DecisionFrame({
  form,
  kind,
  busy,
  onSend,
  onStop,
  children,
}: {
  form: FormState
  kind: 'ask' | 'accept' | 'reject' | 'reopen'
  busy: boolean
  onSend: () => void
  onStop: () => void
  children: ReactNode
}) {
  const { t } = useTranslation('desk')
  return (
    <Form
      form={form}
      busy={busy}
      onSend={onSend}
      actions={
        <>
          <Button type="submit" variant={kind === 'reject' ? 'danger' : 'primary'} busy={busy}>
            {t(`decide.${kind}.button`)}
          </Button>
          <Button variant="secondary" onClick={onStop}>
            {t('decide.stop')}
          </Button>
        </>
      }
    >
      <p className="muted">{t(`decide.${kind}.does`)}</p>
      {children}
    </Form>
  )
}
