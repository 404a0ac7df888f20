import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { keys } from '@/data/keys'
import { isVoteOver, type Round } from '@/data/round'
import { announce } from '@/lib/announce'
import { ask, office, type Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { limitsCodesVoiding } from '@/lib/limits.gen'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { Button, Dialog, TextInput } from '@/ui/hds'
import { Scroll } from './Scroll'
import styles from './office.module.css'

type Batch = Schemas['CodeBatch']

/** The batches of voting codes with what became of them; one that is lost or left over can be voided. */
export function CodeBatches({ round, batches }: { round: Round; batches: Batch[] }) {
  const { t } = useTranslation('office')
  const { number, date } = useFormat()
  const [voiding, setVoiding] = useState<Batch>()
  return (
    <>
      <Scroll label={t('codes.batches')}>
        <table>
          <caption>{t('codes.batches')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('codes.label')}</th>
              <th scope="col">{t('codes.place')}</th>
              <th scope="col">{t('codes.day')}</th>
              <th scope="col" className={styles.sum}>
                {t('codes.made')}
              </th>
              <th scope="col" className={styles.sum}>
                {t('codes.used')}
              </th>
              <th scope="col">{t('codes.state')}</th>
            </tr>
          </thead>
          <tbody>
            {batches.map((batch) => (
              <tr key={batch.number}>
                <th scope="row">{batch.label}</th>
                <td>{batch.place}</td>
                <td>{date(batch.day)}</td>
                <td className={styles.sum}>{number(batch.made)}</td>
                <td className={styles.sum}>{number(batch.used)}</td>
                <td>
                  {batch.voided ? (
                    t('codes.voided', { day: date(batch.voided), count: batch.made - batch.used })
                  ) : isVoteOver(round) ? (
                    t('codes.over')
                  ) : (
                    <Button
                      small
                      variant="secondary"
                      aria-label={t('codes.void_of', { label: batch.label })}
                      onClick={() => {
                        setVoiding(batch)
                      }}
                    >
                      {t('codes.void')}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {voiding && (
        <Void
          key={voiding.number}
          round={round}
          batch={voiding}
          onClose={() => {
            setVoiding(undefined)
          }}
        />
      )}
    </>
  )
}

function Void({ round, batch, onClose }: { round: Round; batch: Batch; onClose: () => void }) {
  const { t } = useTranslation('office')
  const { number } = useFormat()
  const cache = useQueryClient()
  const send = useMutation({
    mutationFn: (reason: string) =>
      ask(
        office.POST('/api/v1/rounds/{round}/codes/{batch}/void', {
          params: { path: { round: round.id, batch: batch.number } },
          body: { reason },
        }),
      ),
    onSuccess: () => {
      announce(t('codes.void_done'))
      void cache.invalidateQueries({ queryKey: keys.round(round.id) })
      onClose()
    },
  })
  const { values, form, field } = useFields({
    start: { reason: '' },
    labels: { reason: t('reason') },
    check: ({ reason }) => ({ reason: reason.trim() ? undefined : t('required') }),
    prefix: 'void.',
    cause: send.error,
  })
  const unused = batch.made - batch.used
  return (
    <Dialog
      open
      title={t('codes.void_title', { label: batch.label })}
      onClose={onClose}
      actions={
        <>
          <Button type="submit" form="void" variant="danger" busy={send.isPending}>
            {t('codes.void')}
          </Button>
          <Button variant="secondary" onClick={onClose}>
            {t('back')}
          </Button>
        </>
      }
    >
      <Form
        id="void"
        form={form}
        brief
        busy={send.isPending}
        onSend={() => {
          send.mutate(values.reason.trim())
        }}
      >
        <p>{t('codes.void_does', { count: unused, number: number(unused), used: number(batch.used) })}</p>
        <TextInput {...field('reason')} required maxLength={limitsCodesVoiding.reason.maxLength} />
      </Form>
    </Dialog>
  )
}
