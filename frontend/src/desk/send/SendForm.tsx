import { useMutation, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useId, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, Select, TextInput, type Option } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { limitsAssignment } from '@/lib/limits.gen'
import { Form } from '@/ui/form/Form'
import { useForm } from '@/ui/form/useForm'

/** Sends proposals to somebody, chosen by name, with a note for her. */
export function SendForm({
  round,
  texts,
  options,
  required,
  send,
  onDone,
}: {
  round: string
  texts: { to: string; help?: string; note: string; action: string; done: string }
  options: Option[]
  required?: boolean
  send: (to: string, note: { note?: string }) => Promise<unknown>
  onDone?: () => void
}) {
  const { t } = useTranslation('desk')
  const cache = useQueryClient()
  const [to, setTo] = useState('')
  const [note, setNote] = useState('')
  const sending = useMutation({
    mutationFn: () => send(to, note.trim() ? { note: note.trim() } : {}),
    onSuccess: async () => {
      announce(texts.done)
      setTo('')
      setNote('')
      form.begin()
      onDone?.()
      await Promise.all(
        [keys.queue, keys.file, keys.proposal, keys.desk].map((key) =>
          cache.invalidateQueries({ queryKey: key(round) }),
        ),
      )
    },
  })
  const prefix = `${useId()}.`
  const form = useForm({
    wrong: { to: to ? undefined : t('decide.required') },
    cause: sending.error,
    prefix,
  })
  return (
    <Form
      form={form}
      busy={sending.isPending}
      onSend={sending.mutate}
      actions={
        <Button type="submit" variant="secondary" busy={sending.isPending} disabled={!to}>
          {texts.action}
        </Button>
      }
    >
      <Select
        id={`${prefix}to`}
        label={texts.to}
        error={form.errorOf('to')}
        helper={texts.help}
        required={required}
        value={to}
        onChange={(event) => {
          setTo(event.target.value)
        }}
        options={options}
      />
      <TextInput
        id={`${prefix}note`}
        label={texts.note}
        error={form.errorOf('note')}
        helper={t('internal')}
        maxLength={limitsAssignment.note.maxLength}
        value={note}
        onChange={(event) => {
          setNote(event.target.value)
        }}
      />
    </Form>
  )
}
