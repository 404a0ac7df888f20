import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { keys } from '@/data/keys'
import { announce } from '@/lib/announce'
import { ask, office, type Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { useTranslation } from '@/lib/i18n'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { Button, Dialog, Select, TextInput } from '@/ui/hds'
import { Trouble } from '@/ui/problem/Trouble'

type Member = Schemas['StaffMember']

/** Who gets the e-mails about somebody's work while she is away; it can be changed and ended. */
export function StandIn({ member, people }: { member: Member; people: Member[] }) {
  const { t } = useTranslation('office')
  const { date } = useFormat()
  const [open, setOpen] = useState(false)
  const { stand_in: now } = member
  const colleagues = people.filter(
    (one) => one.account !== member.account && one.roles.some((role) => member.roles.includes(role)),
  )
  if (colleagues.length === 0 && !now) return null
  return (
    <>
      {now && (
        <p>
          {now.name}, {date(now.from)} – {date(now.to)}
        </p>
      )}
      <Button
        small
        variant="secondary"
        aria-label={t('stand_in.open_for', { name: member.name })}
        onClick={() => {
          setOpen(true)
        }}
      >
        {t(now ? 'stand_in.change' : 'stand_in.open')}
      </Button>
      {open && (
        <Asked
          member={member}
          colleagues={colleagues}
          onClose={() => {
            setOpen(false)
          }}
        />
      )}
    </>
  )
}

function Asked({ member, colleagues, onClose }: { member: Member; colleagues: Member[]; onClose: () => void }) {
  const { t } = useTranslation('office')
  const cache = useQueryClient()
  const { stand_in: now } = member
  const path = { account: member.account }
  const done = (words: string) => () => {
    announce(words)
    void cache.invalidateQueries({ queryKey: keys.staff })
    onClose()
  }
  const save = useMutation({
    mutationFn: (body: Schemas['NewStandIn']) =>
      ask(office.PUT('/api/v1/staff/{account}/stand-in', { params: { path }, body })),
    onSuccess: done(t('stand_in.done')),
  })
  const end = useMutation({
    mutationFn: () => ask(office.DELETE('/api/v1/staff/{account}/stand-in', { params: { path } })),
    onSuccess: done(t('stand_in.ended')),
  })
  const needed = (value: string) => (value ? undefined : t('required'))
  const { values, field, form } = useFields({
    start: { stand_in: now ? String(now.account) : '', from: now?.from ?? '', to: now?.to ?? '' },
    labels: { stand_in: t('stand_in.who'), from: t('stand_in.from'), to: t('stand_in.to') },
    check: ({ stand_in, from, to }) => ({
      stand_in: needed(stand_in),
      from: needed(from),
      to: needed(to) ?? (to < from ? t('stand_in.order') : undefined),
    }),
    prefix: 'stand-in.',
    cause: save.error,
  })
  return (
    <Dialog
      open
      title={t('stand_in.title', { name: member.name })}
      onClose={onClose}
      actions={
        <>
          <Button type="submit" form="stand-in" busy={save.isPending}>
            {t('stand_in.save')}
          </Button>
          {now && (
            <Button
              variant="danger"
              busy={end.isPending}
              onClick={() => {
                end.mutate()
              }}
            >
              {t('stand_in.end')}
            </Button>
          )}
          <Button variant="secondary" onClick={onClose}>
            {t('back')}
          </Button>
        </>
      }
    >
      <Form
        id="stand-in"
        form={form}
        brief
        busy={save.isPending}
        onSend={() => {
          save.mutate({ stand_in: Number(values.stand_in), from: values.from, to: values.to })
        }}
      >
        <p>{t('stand_in.help')}</p>
        {end.error && <Trouble cause={end.error} />}
        <Select
          {...field('stand_in')}
          options={[
            { value: '', label: t('stand_in.choose') },
            ...colleagues.map(({ account, name }) => ({ value: String(account), label: name })),
          ]}
        />
        <TextInput {...field('from')} type="date" required />
        <TextInput {...field('to')} type="date" required />
      </Form>
    </Dialog>
  )
}
