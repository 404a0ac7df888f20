import { useMutation, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useNavigate } from '@/lib/router'
import { Button, Notification, TextInput } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { ask, office } from '@/lib/api'
import { limitsTimesChange } from '@/lib/limits.gen'
import { Problem } from '@/lib/problem'
import { Form } from '@/ui/form/Form'
import { Newer } from '@/ui/form/Newer'
import { useForm } from '@/ui/form/useForm'
import { useKept } from '@/ui/form/useKept'
import { useUnread } from '@/ui/read/useUnread'
import { roundQuery, type Round } from '@/data/round'
import { RoundPage } from './RoundPage'
import { readTimes, TimesFields, writeTimes, unreadTimes } from './TimesFields'
import { Windows } from './Windows'
import { classes } from '@/lib/classes'
import styles from './office.module.css'

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
  const written = writeTimes(round.times)
  const now = { version: round.versions.times, base: written, times: written }
  const [{ version, base, times }, setWritten, done] = useKept(`times.${round.id}`, now)
  const [reason, setReason] = useState('')
  const move = useMutation({
    mutationFn: (moments: NonNullable<ReturnType<typeof readTimes>>) =>
      ask(
        office.PUT('/api/v1/rounds/{round}/times', {
          params: { path: { round: round.id } },
          body: { times: moments, version, reason: reason.trim() },
        }),
      ),
    onSuccess: (moved) => {
      done()
      cache.setQueryData(roundQuery(round.id).queryKey, moved)
      void cache.invalidateQueries({ queryKey: keys.round(round.id) })
      announce(t('times.done'))
      go(`/office/${round.id}`)
    },
    onError: async (cause) => {
      if (cause instanceof Problem && cause.outdated)
        await cache.invalidateQueries({ queryKey: roundQuery(round.id).queryKey })
    },
  })
  const newer = version !== now.version && !move.isPending && !move.isSuccess
  const unread = useUnread(unreadTimes(times))
  const form = useForm({
    wrong: { ...unread, reason: reason.trim() ? undefined : t('required') },
    cause: newer ? undefined : move.error,
  })
  return (
    <Form
      form={form}
      busy={move.isPending}
      className={classes('stack', styles.form)}
      onSend={() => {
        const moments = readTimes(times)
        if (moments) move.mutate(moments)
      }}
      actions={
        <Button type="submit" busy={move.isPending} disabled={newer}>
          {t('times.move')}
        </Button>
      }
    >
      {newer && (
        <Newer
          base={base}
          mine={times}
          theirs={now.times}
          at="times"
          onChoose={(goesOn) => {
            setWritten({ ...now, times: goesOn })
            move.reset()
          }}
        />
      )}
      <TimesFields
        times={times}
        onChange={(times) => {
          setWritten((old) => ({ ...old, times }))
        }}
        fixed={isFixed(round)}
        errorOf={form.errorOf}
      />
      <TextInput
        id="reason"
        label={t('reason')}
        helper={t('reason_help')}
        required
        maxLength={limitsTimesChange.reason.maxLength}
        value={reason}
        error={form.errorOf('reason')}
        onChange={(event) => {
          setReason(event.target.value)
        }}
      />
    </Form>
  )
}
