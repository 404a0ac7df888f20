import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useNavigate } from '@/lib/router'
import { keys } from '@/data/keys'
import { isFrozen, roundQuery, type Round } from '@/data/round'
import { announce } from '@/lib/announce'
import { ask, office } from '@/lib/api'
import { limitsNaming } from '@/lib/limits.gen'
import { Problem } from '@/lib/problem'
import { Form } from '@/ui/form/Form'
import { Newer } from '@/ui/form/Newer'
import { useForm } from '@/ui/form/useForm'
import { useKept } from '@/ui/form/useKept'
import { Button, Confirm, Notification, TextInput } from '@/ui/hds'
import { Trouble } from '@/ui/problem/Trouble'
import { useLocal } from '@/ui/text'
import { NameFields, trimmed, unnamed } from './NameFields'
import { RoundPage } from './RoundPage'
import { classes } from '@/lib/classes'
import styles from './office.module.css'

/** What a round is called and whether it is a rehearsal: to change until the freeze; a draft can be deleted. */
export function Naming() {
  const { t } = useTranslation('office')
  return (
    <RoundPage title={t('naming.title')} lead={t('naming.lead')}>
      {(round) =>
        isFrozen(round) ? (
          <Notification label={t('naming.frozen', { decision: round.freeze_decision ?? '' })} />
        ) : (
          <>
            <NamingForm key={round.id} round={round} />
            {round.phase === 'draft' && <Delete round={round} />}
          </>
        )
      }
    </RoundPage>
  )
}

function NamingForm({ round }: { round: Round }) {
  const { t } = useTranslation('office')
  const cache = useQueryClient()
  const go = useNavigate()
  // Of what the form began with: the round may be read anew beneath it.
  const named = { name: round.name, rehearsal: round.rehearsal }
  const now = { version: round.versions.name, base: named, named }
  const [{ version, base, named: written }, setWritten, done] = useKept(`naming.${round.id}`, now)
  const [reason, setReason] = useState('')
  const rename = useMutation({
    mutationFn: () =>
      ask(
        office.PUT('/api/v1/rounds/{round}', {
          params: { path: { round: round.id } },
          body: { name: trimmed(written.name), rehearsal: written.rehearsal, version, reason: reason.trim() },
        }),
      ),
    onSuccess: (renamed) => {
      done()
      cache.setQueryData(roundQuery(round.id).queryKey, renamed)
      void cache.invalidateQueries({ queryKey: keys.round(round.id) })
      void cache.invalidateQueries({ queryKey: keys.rounds })
      announce(t('naming.done'))
      go(`/office/${round.id}`)
    },
    onError: async (cause) => {
      if (cause instanceof Problem && cause.outdated)
        await cache.invalidateQueries({ queryKey: roundQuery(round.id).queryKey })
    },
  })
  const newer = version !== now.version && !rename.isPending && !rename.isSuccess
  const form = useForm({
    wrong: { ...unnamed(written, t('required')), reason: reason.trim() ? undefined : t('required') },
    cause: newer ? undefined : rename.error,
  })
  return (
    <Form
      form={form}
      busy={rename.isPending}
      className={classes('stack', styles.form)}
      onSend={rename.mutate}
      actions={
        <Button type="submit" busy={rename.isPending} disabled={newer}>
          {t('naming.save')}
        </Button>
      }
    >
      {newer && (
        <Newer
          base={base}
          mine={written}
          theirs={named}
          onChoose={(goesOn) => {
            setWritten({ ...now, named: goesOn })
            rename.reset()
          }}
        />
      )}
      <NameFields
        written={written}
        onChange={(named) => {
          setWritten((old) => ({ ...old, named }))
        }}
        errorOf={form.errorOf}
      />
      <TextInput
        id="reason"
        label={t('reason')}
        helper={t('reason_help')}
        required
        maxLength={limitsNaming.reason.maxLength}
        value={reason}
        error={form.errorOf('reason')}
        onChange={(event) => {
          setReason(event.target.value)
        }}
      />
    </Form>
  )
}

function Delete({ round }: { round: Round }) {
  const { t } = useTranslation('office')
  const local = useLocal()
  const cache = useQueryClient()
  const go = useNavigate()
  const [open, setOpen] = useState(false)
  const close = () => {
    setOpen(false)
  }
  const remove = useMutation({
    mutationFn: () => ask(office.DELETE('/api/v1/rounds/{round}', { params: { path: { round: round.id } } })),
    onSuccess: async () => {
      announce(t('naming.deleted'))
      go('/office')
      cache.removeQueries({ queryKey: keys.round(round.id) })
      void cache.invalidateQueries({ queryKey: keys.rounds })
    },
  })
  return (
    <section className="stack">
      <h2>{t('naming.delete_heading')}</h2>
      <p>{t('naming.delete_text')}</p>
      <div className="actions">
        <Button
          variant="danger"
          onClick={() => {
            setOpen(true)
          }}
        >
          {t('naming.delete')}
        </Button>
      </div>
      <Confirm
        open={open}
        title={t('naming.delete_title', { name: local(round.name) })}
        action={t('naming.delete')}
        keep={t('back')}
        busy={remove.isPending}
        onConfirm={() => {
          remove.mutate()
        }}
        onClose={close}
      >
        <div className="stack">
          {remove.error && <Trouble cause={remove.error} />}
          <p>{t('naming.delete_does')}</p>
        </div>
      </Confirm>
    </section>
  )
}
