import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useNavigate } from '@/lib/router'
import { keys } from '@/data/keys'
import { resultsQuery } from '@/data/results'
import { roundQuery, type Round } from '@/data/round'
import { announce } from '@/lib/announce'
import { ask, office } from '@/lib/api'
import { limitsDecisionCorrection } from '@/lib/limits.gen'
import { Problem } from '@/lib/problem'
import { Form } from '@/ui/form/Form'
import { Newer } from '@/ui/form/Newer'
import { useForm } from '@/ui/form/useForm'
import { useKept } from '@/ui/form/useKept'
import { Button, Notification, TextArea, TextInput } from '@/ui/hds'
import { RoundPage } from './RoundPage'
import { classes } from '@/lib/classes'
import styles from './office.module.css'

/** The number of the decision that confirmed the result, and a way to correct it where it was typed wrong. */
export function Decision() {
  const { t } = useTranslation('office')
  return (
    <RoundPage title={t('correct.title')} lead={t('correct.lead')}>
      {(round) =>
        round.confirm_decision ? (
          <Correction key={round.id} round={round} seen={round.confirm_decision} />
        ) : (
          <Notification label={t('correct.early')} />
        )
      }
    </RoundPage>
  )
}

function Correction({ round, seen }: { round: Round; seen: string }) {
  const { t } = useTranslation('office')
  const cache = useQueryClient()
  const go = useNavigate()
  const [{ base, decision }, setWritten, done] = useKept(`decision.${round.id}`, { base: seen, decision: seen })
  const [reason, setReason] = useState('')
  const correct = useMutation({
    mutationFn: () =>
      ask(
        office.PUT('/api/v1/rounds/{round}/decision', {
          params: { path: { round: round.id } },
          body: { decision: decision.trim(), seen: base, reason: reason.trim() },
        }),
      ),
    onSuccess: (corrected) => {
      done()
      cache.setQueryData(roundQuery(round.id).queryKey, corrected)
      void cache.invalidateQueries({ queryKey: keys.round(round.id) })
      void cache.invalidateQueries({ queryKey: resultsQuery(round.id).queryKey })
      announce(t('correct.done'))
      go(`/office/${round.id}`)
    },
    onError: async (cause) => {
      if (cause instanceof Problem && cause.outdated)
        await cache.invalidateQueries({ queryKey: roundQuery(round.id).queryKey })
    },
  })
  const newer = base !== seen && !correct.isPending && !correct.isSuccess
  const form = useForm({
    wrong: {
      decision: !/\d/.test(decision)
        ? t('next.decision_bad')
        : decision.trim() === base
          ? t('correct.same')
          : undefined,
      reason: reason.trim() ? undefined : t('required'),
    },
    cause: newer ? undefined : correct.error,
  })
  return (
    <Form
      form={form}
      busy={correct.isPending}
      className={classes('stack', styles.form)}
      onSend={correct.mutate}
      actions={
        <Button type="submit" busy={correct.isPending} disabled={newer}>
          {t('correct.send')}
        </Button>
      }
    >
      {newer && (
        <Newer
          base={{ decision: base }}
          mine={{ decision }}
          theirs={{ decision: seen }}
          onChoose={(goesOn) => {
            setWritten({ base: seen, decision: goesOn.decision })
            correct.reset()
          }}
        />
      )}
      <TextInput
        id="decision"
        label={t('next.decision')}
        helper={t('next.decision_help')}
        required
        maxLength={limitsDecisionCorrection.decision.maxLength}
        value={decision}
        error={form.errorOf('decision')}
        onChange={(event) => {
          const written = event.target.value
          setWritten((old) => ({ ...old, decision: written }))
        }}
      />
      <TextArea
        id="reason"
        label={t('reason')}
        helper={t('correct.reason_help')}
        required
        maxLength={limitsDecisionCorrection.reason.maxLength}
        value={reason}
        error={form.errorOf('reason')}
        onChange={(event) => {
          setReason(event.target.value)
        }}
      />
    </Form>
  )
}
