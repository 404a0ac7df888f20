import { useMutation, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { Button, ErrorSummary, Notification, TextInput } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { ask, office } from '@/lib/api'
import { limitsTimesChange } from '@/lib/limits.gen'
import { Trouble } from '@/ui/problem/Trouble'
import { roundQuery, type Round } from '@/data/round'
import { RoundPage } from './RoundPage'
import { readTimes, TimesFields, unreadTimes, writeTimes } from './TimesFields'
import { useUnread } from '@/ui/read/useUnread'
import { useServerErrors } from '@/ui/form/useServerErrors'
import { Windows } from './Windows'

export function Times() {
  const { t } = useTranslation('office')
  return (
    <RoundPage title={t('times.title')} lead={t('times.about')}>
      {(round) => (open.includes(round.phase) ? <TimesForm key={round.id} round={round} /> : <Past round={round} />)}
    </RoundPage>
  )
}

const open: Round['phase'][] = ['draft', 'proposing', 'vetting', 'frozen', 'voting']

/** The times of a vote that has been closed. */
function Past({ round }: { round: Round }) {
  const { t } = useTranslation('office')
  return (
    <>
      <Notification label={t('times.past')} />
      <Windows round={round} />
    </>
  )
}

/** As the server decides (domain/round/times.go): from the freeze on only the vote moves, from its opening on only its end. */
const isFixed =
  ({ phase, times, now }: Round) =>
  (window: keyof Round['times'], end: 'opens' | 'closes') =>
    window === 'voting'
      ? end === 'opens' && phase === 'voting' && Date.parse(now) >= Date.parse(times.voting.opens)
      : phase === 'frozen' || phase === 'voting'

function TimesForm({ round }: { round: Round }) {
  const { t } = useTranslation('office')
  const cache = useQueryClient()
  const go = useNavigate()
  // Of what the form began with: the round may be read anew beneath it.
  const [version] = useState(round.versions.times)
  const [times, setTimes] = useState(() => writeTimes(round.times))
  const [reason, setReason] = useState('')
  const [attempt, setAttempt] = useState(0)
  const move = useMutation({
    mutationFn: (moments: NonNullable<ReturnType<typeof readTimes>>) =>
      ask(
        office.PUT('/api/v1/rounds/{round}/times', {
          params: { path: { round: round.id } },
          body: { times: moments, version, reason: reason.trim() },
        }),
      ),
    onSuccess: (moved) => {
      cache.setQueryData(roundQuery(round.id).queryKey, moved)
      void cache.invalidateQueries({ queryKey: keys.round(round.id) })
      announce(t('times.done'))
      void go(`/office/${round.id}`)
    },
    onError: () => {
      setAttempt((n) => n + 1)
    },
  })
  const unread = useUnread(unreadTimes(times))
  const { errorOf, errors } = useServerErrors(move.error, attempt > 0 ? unread : [])
  const noReason = attempt > 0 && !reason.trim() ? [{ id: 'reason', message: `${t('reason')}: ${t('required')}` }] : []
  return (
    <form
      className="stack office-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        const moments = readTimes(times)
        if (moments && reason.trim()) move.mutate(moments)
        else setAttempt((n) => n + 1)
      }}
    >
      <ErrorSummary errors={[...errors, ...noReason]} attempt={attempt} />
      {move.error && errors.length === 0 && <Trouble cause={move.error} />}
      <TimesFields times={times} onChange={setTimes} fixed={isFixed(round)} errorOf={errorOf} />
      <TextInput
        id="reason"
        label={t('reason')}
        helper={t('reason_help')}
        required
        maxLength={limitsTimesChange.reason.maxLength}
        value={reason}
        error={noReason[0] && t('required')}
        onChange={(event) => {
          setReason(event.target.value)
        }}
      />
      <div className="actions">
        <Button type="submit" busy={move.isPending}>
          {t('times.move')}
        </Button>
      </div>
    </form>
  )
}
