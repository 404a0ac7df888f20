import { useMutation, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useNavigate } from '@/lib/router'
import { Button, Notification, TextInput } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { ask, office } from '@/lib/api'
import { Problem } from '@/lib/problem'
import { limitsSettingsChange } from '@/lib/limits.gen'
import { Form } from '@/ui/form/Form'
import { Newer } from '@/ui/form/Newer'
import { useForm } from '@/ui/form/useForm'
import { useKept } from '@/ui/form/useKept'
import { useUnread } from '@/ui/read/useUnread'
import { Rules } from '@/shared/round/Rules'
import { roundQuery, type Round } from '@/data/round'
import { PotTable } from './PotTable'
import { RoundPage } from './RoundPage'
import { SettingsEditor } from './SettingsEditor'
import { settled, unreadable } from './settings'
import { classes } from '@/lib/classes'
import styles from './office.module.css'

/** The settings: to change until the freeze, to read afterwards. */
export function Settings() {
  const { t } = useTranslation('office')
  return (
    <RoundPage title={t('settings.title')} lead={t('settings.about')}>
      {(round) =>
        ['draft', 'proposing', 'vetting'].includes(round.phase) ? (
          <SettingsForm key={round.id} round={round} />
        ) : (
          <>
            <Notification label={t('settings.frozen', { decision: round.freeze_decision ?? '' })} />
            <PotTable areas={round.settings.areas} />
            <Rules round={round} />
          </>
        )
      }
    </RoundPage>
  )
}

function SettingsForm({ round }: { round: Round }) {
  const { t } = useTranslation('office')
  const cache = useQueryClient()
  const go = useNavigate()
  // Of what the form began with: the round may be read anew beneath it.
  const now = { version: round.versions.settings, base: round.settings, settings: round.settings }
  const [{ version, base, settings }, setWritten, done] = useKept(`settings.${round.id}`, now)
  const [reason, setReason] = useState('')
  const change = useMutation({
    mutationFn: () =>
      ask(
        office.PUT('/api/v1/rounds/{round}/settings', {
          params: { path: { round: round.id } },
          body: { settings: settled(settings), version, reason: reason.trim() },
        }),
      ),
    onSuccess: (changed) => {
      done()
      cache.setQueryData(roundQuery(round.id).queryKey, changed)
      void cache.invalidateQueries({ queryKey: keys.round(round.id) })
      announce(t('settings.done'))
      go(`/office/${round.id}`)
    },
    onError: (cause) => {
      if (cause instanceof Problem && cause.outdated)
        void cache.invalidateQueries({ queryKey: roundQuery(round.id).queryKey })
    },
  })
  const outdated = change.error instanceof Problem && change.error.outdated
  const newer = version !== now.version && !change.isPending && !change.isSuccess
  const unread = useUnread(unreadable(settings))
  const form = useForm({
    wrong: { ...unread, reason: reason.trim() ? undefined : t('required') },
    cause: outdated ? undefined : change.error,
  })
  return (
    <Form
      form={form}
      busy={change.isPending}
      className={classes('stack-l', styles.form)}
      onSend={change.mutate}
      actions={
        <Button type="submit" busy={change.isPending} disabled={newer}>
          {t('settings.save')}
        </Button>
      }
    >
      {newer && (
        <Newer
          base={base}
          mine={settings}
          theirs={now.settings}
          at="settings"
          onChoose={(goesOn) => {
            setWritten({ ...now, settings: goesOn })
            change.reset()
          }}
        />
      )}
      <SettingsEditor
        settings={settings}
        onChange={(settings) => {
          setWritten((old) => ({ ...old, settings }))
        }}
        form={form}
      />
      <TextInput
        id="reason"
        label={t('reason')}
        helper={t('reason_help')}
        required
        maxLength={limitsSettingsChange.reason.maxLength}
        value={reason}
        error={form.errorOf('reason')}
        onChange={(event) => {
          setReason(event.target.value)
        }}
      />
    </Form>
  )
}
