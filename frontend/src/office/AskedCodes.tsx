import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { keys } from '@/data/keys'
import type { Round } from '@/data/round'
import { announce } from '@/lib/announce'
import { ask, office, type Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { useTranslation } from '@/lib/i18n'
import { limitsStepRefusal } from '@/lib/limits.gen'
import { Problem } from '@/lib/problem'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { Button, Dialog, Notification, TextInput } from '@/ui/hds'
import { Trouble } from '@/ui/problem/Trouble'

/** A batch of codes that an official asked for: another one makes or refuses it, and whoever asked can take it back. */
export function AskedCodes({
  round,
  asked,
  onMade,
}: {
  round: Round
  asked: Schemas['AskedCodes']
  onMade: (codes: string[]) => void
}) {
  const { t } = useTranslation('office')
  const { dateTime, number } = useFormat()
  const cache = useQueryClient()
  const [refusing, setRefusing] = useState(false)
  const { asked_at } = asked
  const refresh = () => {
    setRefusing(false)
    void cache.invalidateQueries({ queryKey: keys.round(round.id) })
  }
  const onError = (cause: Error) => {
    if (cause instanceof Problem && cause.outdated) refresh()
  }
  const path = { round: round.id }
  const confirm = useMutation({
    mutationFn: () =>
      ask(office.POST('/api/v1/rounds/{round}/codes/asked/confirmation', { params: { path }, body: { asked_at } })),
    onSuccess: ({ codes }) => {
      onMade(codes)
      refresh()
    },
    onError,
  })
  const refuse = useMutation({
    mutationFn: (reason: string) =>
      ask(office.POST('/api/v1/rounds/{round}/codes/asked/refusal', { params: { path }, body: { asked_at, reason } })),
    onSuccess: () => {
      announce(t(asked.own ? 'second.taken_back' : 'second.refused'))
      refresh()
    },
    onError,
  })
  const { values, form, field } = useFields({
    start: { reason: '' },
    labels: { reason: t('reason') },
    check: ({ reason }) => ({ reason: reason.trim() ? undefined : t('required') }),
    prefix: 'refusal.',
    cause: refuse.error,
  })
  const refusal = t(asked.own ? 'second.take_back' : 'second.refuse')
  return (
    <div className="stack">
      {confirm.error && <Trouble cause={confirm.error} />}
      <Notification kind="info" label={t('second.asked', { name: asked.name, time: dateTime(asked_at) })}>
        <p>
          {t('codes.label')}: {asked.label}
        </p>
        {asked.place && (
          <p>
            {t('codes.place')}: {asked.place}
          </p>
        )}
        <p>
          {t('codes.count')}: {number(asked.count)}
        </p>
        <p>{t(asked.own ? 'second.own' : 'codes.asked')}</p>
      </Notification>
      <div className="actions">
        {!asked.own && (
          <Button
            busy={confirm.isPending}
            onClick={() => {
              confirm.mutate()
            }}
          >
            {t('codes.confirm')}
          </Button>
        )}
        <Button
          variant="secondary"
          onClick={() => {
            setRefusing(true)
          }}
        >
          {refusal}
        </Button>
      </div>
      <Dialog
        open={refusing}
        title={refusal}
        onClose={() => {
          setRefusing(false)
        }}
        actions={
          <>
            <Button type="submit" form="refusal" busy={refuse.isPending}>
              {refusal}
            </Button>
            <Button
              variant="secondary"
              onClick={() => {
                setRefusing(false)
              }}
            >
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
    </div>
  )
}
