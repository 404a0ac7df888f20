import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { base64Of } from '@/data/assisted'
import { batchesQuery, type Batch, type Report } from '@/data/paper'
import type { Round } from '@/data/round'
import { announce } from '@/lib/announce'
import { ask, box, office } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { limitsKeyedBatch } from '@/lib/limits.gen'
import { readWhole } from '@/lib/number'
import { Button, FileField, Notification, TextArea, TextInput } from '@/ui/hds'
import { Trouble } from '@/ui/problem/Trouble'
import styles from './polling.module.css'

const kinds = '.xlsx,.csv,.txt'

/** The words for a fault; what the texts call too_many and too_few would be forms of a plural. */
const wordsOf = {
  bad_format: 'bad_format',
  duplicate: 'duplicate',
  required: 'required',
  unknown: 'unknown',
  several_areas: 'several_areas',
  too_many: 'above',
  too_few: 'below',
  too_large: 'too_large',
  too_small: 'too_small',
} as const
const isWorded = (code: string): code is keyof typeof wordsOf => code in wordsOf

/**
 * What two people keyed in of a batch, each in a file of her own. The files go to the box, without a cookie: the office gives a capability that names
 * nobody, and never sees what a sheet says.
 */
export function Keying({ round, batch }: { round: Round; batch: Batch }) {
  const { t } = useTranslation('polling')
  const cache = useQueryClient()
  const [first, setFirst] = useState<File>()
  const [second, setSecond] = useState<File>()
  const [takenAway, setTakenAway] = useState('0')
  const [explanation, setExplanation] = useState('')
  const path = { round: round.id, paper_batch: batch.batch }
  const taken = readWhole(takenAway, limitsKeyedBatch.taken_away.maximum)
  const key = useMutation({
    mutationFn: async ({ first, second, confirm }: { first: File; second: File; confirm: boolean }) => {
      const { capability } = await ask(
        office.POST('/api/v1/rounds/{round}/batches/{paper_batch}/keying', { params: { path } }),
      )
      return ask(
        box.POST('/box/v1/rounds/{round}/batches/{paper_batch}/sheets', {
          params: { path },
          body: {
            capability,
            first: await base64Of(first),
            second: await base64Of(second),
            taken_away: taken ?? 0,
            ...(explanation.trim() && { explanation: explanation.trim() }),
            confirm,
          },
        }),
      )
    },
    gcTime: 0,
    onSuccess: ({ done }) => {
      if (!done) return
      announce(t('keying.done', { batch: batch.batch }))
      return cache.invalidateQueries({ queryKey: batchesQuery(round.id).queryKey })
    },
  })
  const report = key.data
  const clean = report && report.faults.length === 0 && report.differences.length === 0
  const explained = report && (report.missing === 0 && report.difference === 0 ? true : explanation.trim() !== '')
  return (
    <div className={`stack ${styles.form ?? ''}`}>
      <p>{t('keying.text')}</p>
      <p>{t('keying.reasons')}</p>
      <FileField
        id={`first.${batch.batch}`}
        label={t('keying.first')}
        accept={kinds}
        chosen={first?.name}
        onChoose={(file) => {
          setFirst(file)
          key.reset()
        }}
      />
      <FileField
        id={`second.${batch.batch}`}
        label={t('keying.second')}
        accept={kinds}
        chosen={second?.name}
        onChoose={(file) => {
          setSecond(file)
          key.reset()
        }}
      />
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
        }}
      />
      <TextArea
        id={`explanation.${batch.batch}`}
        label={t('keying.explanation')}
        helper={t('keying.explanation_help')}
        maxLength={limitsKeyedBatch.explanation.maxLength}
        required={false}
        value={explanation}
        onChange={({ target }) => {
          setExplanation(target.value)
        }}
      />
      <div className="actions">
        <Button
          variant="secondary"
          busy={key.isPending}
          disabled={!first || !second || taken === undefined}
          onClick={() => {
            if (first && second) key.mutate({ first, second, confirm: false })
          }}
        >
          {t('keying.check')}
        </Button>
        {clean && explained && first && second && (
          <Button
            busy={key.isPending}
            onClick={() => {
              key.mutate({ first, second, confirm: true })
            }}
          >
            {t('keying.seal')}
          </Button>
        )}
      </div>
      {key.error && <Trouble cause={key.error} />}
      {report && !report.done && <Found report={report} />}
    </div>
  )
}

/** What came of the files, and what is left to do. */
function Found({ report }: { report: Report }) {
  const { t } = useTranslation('polling')
  const { number } = useFormat()
  const { faults, differences, missing, difference } = report
  const clean = faults.length === 0 && differences.length === 0
  return (
    <div className="stack">
      <Notification kind={clean ? 'success' : 'alert'} label={t(clean ? 'keying.clean' : 'keying.unclean')} live>
        <p>
          {t('keying.found', {
            agreed: number(report.agreed),
            decided: number(report.decided),
            uncounted: number(report.uncounted),
          })}
        </p>
        {missing !== 0 && <p>{t('keying.missing', { n: number(missing) })}</p>}
        {difference !== 0 && <p>{t('keying.difference', { n: number(difference) })}</p>}
        {clean && (missing !== 0 || difference !== 0) && <p>{t('keying.explain')}</p>}
      </Notification>
      {faults.length > 0 && (
        <ul>
          {faults.map(({ second, line, head, code }) => (
            <li key={`${String(second)} ${String(line)} ${head}`}>
              {t(second ? 'keying.in_second' : 'keying.in_first', { line: number(line) })}, {head}:{' '}
              {t(`keying.fault.${isWorded(code) ? wordsOf[code] : 'unfit'}`)}
            </li>
          ))}
        </ul>
      )}
      {differences.length > 0 && (
        <div className={styles.scroll} role="region" aria-label={t('keying.differences')} tabIndex={0}>
          <table>
            <caption>{t('keying.differences')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('keying.serial')}</th>
                <th scope="col">{t('keying.first')}</th>
                <th scope="col">{t('keying.second')}</th>
              </tr>
            </thead>
            <tbody>
              {differences.map(({ serial, first, second, first_line, second_line }) => (
                <tr key={serial}>
                  <th scope="row">{serial}</th>
                  <td>{first_line ? first || t('keying.nothing') : t('keying.absent')}</td>
                  <td>{second_line ? second || t('keying.nothing') : t('keying.absent')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  )
}
