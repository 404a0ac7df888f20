import { useMutation, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { Button, ErrorSummary, Notification, TextInput } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { ask, office } from '@/lib/api'
import { limitsSettingsChange } from '@/lib/limits.gen'
import { Trouble } from '@/ui/problem/Trouble'
import { Rules } from '@/shared/round/Rules'
import { roundQuery, type Round } from '@/data/round'
import { PotTable } from './PotTable'
import { RoundPage } from './RoundPage'
import { SettingsEditor } from './SettingsEditor'
import { settled, unreadable } from './settings'
import { useUnread } from '@/ui/read/useUnread'
import { useServerErrors } from '@/ui/form/useServerErrors'

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
  const [version] = useState(round.versions.settings)
  const [settings, setSettings] = useState(round.settings)
  const [reason, setReason] = useState('')
  const [attempt, setAttempt] = useState(0)
  const change = useMutation({
    mutationFn: () =>
      ask(
        office.PUT('/api/v1/rounds/{round}/settings', {
          params: { path: { round: round.id } },
          body: { settings: settled(settings), version, reason: reason.trim() },
        }),
      ),
    onSuccess: (changed) => {
      cache.setQueryData(roundQuery(round.id).queryKey, changed)
      void cache.invalidateQueries({ queryKey: keys.round(round.id) })
      announce(t('settings.done'))
      void go(`/office/${round.id}`)
    },
    onError: () => {
      setAttempt((n) => n + 1)
    },
  })
  const unread = useUnread(unreadable(settings))
  const { errorOf, errors } = useServerErrors(change.error, attempt > 0 ? unread : [])
  const noReason = attempt > 0 && !reason.trim() ? [{ id: 'reason', message: `${t('reason')}: ${t('required')}` }] : []
  return (
    <form
      className="stack-l office-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (reason.trim() && unread.length === 0) change.mutate()
        else setAttempt((n) => n + 1)
      }}
    >
      <ErrorSummary errors={[...errors, ...noReason]} attempt={attempt} />
      {change.error && errors.length === 0 && <Trouble cause={change.error} />}
      <SettingsEditor settings={settings} onChange={setSettings} errorOf={errorOf} />
      <TextInput
        id="reason"
        label={t('reason')}
        helper={t('reason_help')}
        required
        maxLength={limitsSettingsChange.reason.maxLength}
        value={reason}
        error={noReason[0] && t('required')}
        onChange={(event) => {
          setReason(event.target.value)
        }}
      />
      <div className="actions">
        <Button type="submit" busy={change.isPending}>
          {t('settings.save')}
        </Button>
      </div>
    </form>
  )
}
