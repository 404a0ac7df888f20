import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { announce } from '@/lib/announce'
import { useTranslation } from '@/lib/i18n'
import { limitsStepRefusal } from '@/lib/limits.gen'
import { Problem } from '@/lib/problem'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { Button, Dialog, TextInput } from '@/ui/hds'
import { Trouble } from '@/ui/problem/Trouble'

/** Refuses with a reason what another official asked for; whoever asked takes it back so. */
export function RefuseAsked({
  own,
  send,
  onGone,
}: {
  own: boolean
  send: (reason: string) => Promise<unknown>
  /** The request is there no more, by this or by somebody else. */
  onGone: () => void
}) {
  const { t } = useTranslation('office')
  const [open, setOpen] = useState(false)
  const close = () => {
    setOpen(false)
  }
  const refuse = useMutation({
    mutationFn: send,
    onSuccess: () => {
      announce(t(own ? 'second.taken_back' : 'second.refused'))
      close()
      onGone()
    },
    onError: (cause) => {
      if (!(cause instanceof Problem && cause.outdated)) return
      close()
      onGone()
    },
  })
  const { values, form, field } = useFields({
    start: { reason: '' },
    labels: { reason: t('reason') },
    check: ({ reason }) => ({ reason: reason.trim() ? undefined : t('required') }),
    prefix: 'refusal.',
    cause: refuse.error,
  })
  const refusal = t(own ? 'second.take_back' : 'second.refuse')
  return (
    <>
      {refuse.error && !open && <Trouble cause={refuse.error} />}
      <Button
        variant="secondary"
        onClick={() => {
          form.begin()
          setOpen(true)
        }}
      >
        {refusal}
      </Button>
      <Dialog
        open={open}
        title={refusal}
        onClose={close}
        actions={
          <>
            <Button type="submit" form="refusal" busy={refuse.isPending}>
              {refusal}
            </Button>
            <Button variant="secondary" onClick={close}>
              {t('back')}
            </Button>
          </>
        }
      >
        <Form
          id="refusal"
          form={form}
          brief
          busy={refuse.isPending}
          onSend={() => {
            refuse.mutate(values.reason.trim())
          }}
        >
          <TextInput
            {...field('reason')}
            helper={t('reason_help')}
            required
            maxLength={limitsStepRefusal.reason.maxLength}
          />
        </Form>
      </Dialog>
    </>
  )
}
