import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { batchesQuery, sealBatch, type Batch, type Report } from '@/data/paper'
import type { Round } from '@/data/round'
import { announce } from '@/lib/announce'
import { useFormat } from '@/lib/format'
import { limitsBatchSealing } from '@/lib/limits.gen'
import { readWhole } from '@/lib/number'
import { Button, Notification, TextArea, TextInput } from '@/ui/hds'
import { Trouble } from '@/ui/problem/Trouble'
import styles from './polling.module.css'

/** Puts a batch of which two people say the same into the log, with what the account of its sheets lacks. What the sheets say is not seen here. */
export function Seal({ round, batch }: { round: Round; batch: Batch }) {
  const { t } = useTranslation('polling')
  const cache = useQueryClient()
  const [takenAway, setTakenAway] = useState('0')
  const [explanation, setExplanation] = useState('')
  const taken = readWhole(takenAway, limitsBatchSealing.taken_away.maximum)
  const seal = useMutation({
    mutationFn: (confirm: boolean) =>
      sealBatch(
        { round: round.id, paper_batch: batch.batch },
        { taken_away: taken ?? 0, ...(explanation.trim() && { explanation: explanation.trim() }), confirm },
      ),
    gcTime: 0,
    onSuccess: ({ done }) => {
      if (done) announce(t('keying.done', { batch: batch.batch }))
      return cache.invalidateQueries({ queryKey: batchesQuery(round.id).queryKey })
    },
  })
  const report = seal.data
  const ready = report?.keyed === 'agreed'
  const explained = report && ((report.missing === 0 && report.difference === 0) || explanation.trim() !== '')
  return (
    <div className={`stack ${styles.form ?? ''}`}>
      <TextInput
        id={`taken.${batch.batch}`}
        label={t('certificate.taken_away')}
        helper={t('certificate.taken_away_help')}
        inputMode="numeric"
        autoComplete="off"
        required
        value={takenAway}
        error={taken === undefined ? t('certificate.number_missing') : undefined}
        onChange={({ target }) => {
          setTakenAway(target.value)
          seal.reset()
        }}
      />
      <TextArea
        id={`explanation.${batch.batch}`}
        label={t('keying.explanation')}
        helper={t('keying.explanation_help')}
        maxLength={limitsBatchSealing.explanation.maxLength}
        required={false}
        value={explanation}
        onChange={({ target }) => {
          setExplanation(target.value)
        }}
      />
      <div className="actions">
        <Button
          variant="secondary"
          busy={seal.isPending}
          disabled={taken === undefined}
          onClick={() => {
            seal.mutate(false)
          }}
        >
          {t('keying.check')}
        </Button>
        {ready && explained && (
          <Button
            busy={seal.isPending}
            onClick={() => {
              seal.mutate(true)
            }}
          >
            {t('keying.seal')}
          </Button>
        )}
      </div>
      {seal.error && <Trouble cause={seal.error} />}
      {report && !report.done && <Numbers report={report} />}
    </div>
  )
}

function Numbers({ report }: { report: Report }) {
  const { t } = useTranslation('polling')
  const { number } = useFormat()
  const { missing, difference } = report
  const even = missing === 0 && difference === 0
  return (
    <Notification kind={even ? 'success' : 'alert'} label={t(even ? 'keying.even' : 'keying.uneven')} live>
      <p>
        {t('keying.found', {
          agreed: number(report.agreed),
          decided: number(report.decided),
          uncounted: number(report.uncounted),
        })}
      </p>
      {missing > 0 && <p>{t('keying.missing', { n: number(missing) })}</p>}
      {missing < 0 && <p>{t('keying.surplus', { n: number(-missing) })}</p>}
      {difference !== 0 && <p>{t('keying.difference', { n: number(difference) })}</p>}
      {!even && <p>{t('keying.explain')}</p>}
    </Notification>
  )
}
