import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { keys } from '@/data/keys'
import { rollQuery } from '@/data/office'
import { isFrozen, type Round } from '@/data/round'
import { ask, office } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { announce } from '@/lib/announce'
import { limitsCodesRequest } from '@/lib/limits.gen'
import { RoundCheckCode } from '@/receipt/CheckCode'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { AnchorButton, Button, Card, Notification, TextInput } from '@/ui/hds'
import { AskedCodes } from './AskedCodes'
import { CodeBatches } from './CodeBatches'
import { CodeSlips } from './CodeSlips'
import { Scroll } from './Scroll'
import { Slip, useCheckCode } from './Slip'
import { classes } from '@/lib/classes'
import styles from './office.module.css'

const most = limitsCodesRequest.count.maximum

const countOf = (text: string) => (/^\d{1,5}$/.test(text.trim()) ? Number(text) : 0)

/** Voting codes: shown once, to print or to save; the server keeps only what it needs to recognise them. */
export function VotingCodes({ round }: { round: Round }) {
  const { t } = useTranslation('office')
  const { number } = useFormat()
  const cache = useQueryClient()
  const check = useCheckCode(round)
  const status = useQuery(rollQuery(round.id)).data
  const [codes, setCodes] = useState<string[]>()
  const [slips, setSlips] = useState(false)
  const second = round.settings.four_eyes
  const refresh = () => void cache.invalidateQueries({ queryKey: keys.round(round.id) })
  const issue = useMutation({
    mutationFn: async (written: Record<'label' | 'place' | 'count', string>) => {
      const request = {
        params: { path: { round: round.id } },
        body: {
          count: countOf(written.count),
          label: written.label.trim(),
          ...(written.place.trim() && { place: written.place.trim() }),
        },
      }
      if (!second) return (await ask(office.POST('/api/v1/rounds/{round}/codes', request))).codes
      await ask(office.POST('/api/v1/rounds/{round}/codes/asked', request))
      announce(t('second.sent'))
      return undefined
    },
    onSuccess: (made) => {
      empty()
      setSlips(false)
      setCodes(made)
      refresh()
    },
  })
  const { values, form, field, empty } = useFields({
    start: { label: '', place: '', count: '' },
    labels: { label: t('codes.label'), place: t('codes.place'), count: t('codes.count') },
    check: ({ label, count }) => ({
      label: label.trim() ? undefined : t('required'),
      count: countOf(count) >= 1 && countOf(count) <= most ? undefined : t('codes.bad', { most: number(most) }),
    }),
    prefix: 'codes.',
    cause: issue.error,
    slot: `codes ${round.id}`,
  })
  const file = useMemo(() => {
    // For whoever prints them: neither kind of code holds what a cell would have to quote.
    const rows = codes?.map((code) => (check ? `${code},${check}` : code))
    return rows && [check ? 'code,check_code' : 'code', ...rows, ''].join('\r\n')
  }, [codes, check])
  return (
    <section className="stack">
      <h2>{t('codes.heading')}</h2>
      <p>{t('codes.text')}</p>
      {status && status.batches.length > 0 && <CodeBatches round={round} batches={status.batches} />}
      {status?.asked ? (
        <AskedCodes
          round={round}
          asked={status.asked}
          onMade={(made) => {
            setSlips(false)
            setCodes(made)
          }}
        />
      ) : (
        <Form
          form={form}
          busy={issue.isPending}
          className={classes('stack', styles.form)}
          onSend={() => {
            issue.mutate(values)
          }}
          actions={
            <Button type="submit" variant="secondary" busy={issue.isPending}>
              {t(second ? 'second.ask' : 'codes.issue')}
            </Button>
          }
        >
          <h3>{t('codes.new')}</h3>
          {second && <p>{t('second.needed')}</p>}
          <TextInput
            {...field('label')}
            helper={t('codes.label_help')}
            required
            maxLength={limitsCodesRequest.label.maxLength}
          />
          <TextInput {...field('place')} maxLength={limitsCodesRequest.place.maxLength} />
          <TextInput
            {...field('count')}
            helper={t('codes.most', { most: number(most) })}
            inputMode="numeric"
            required
          />
        </Form>
      )}
      {codes && file && (
        <Card as="section" className={classes('stack', styles.codes)}>
          <Notification kind="alert" label={t('codes.once')} live>
            {t('codes.once_text', { count: codes.length, number: number(codes.length) })}
          </Notification>
          <div className="actions">
            <Button
              variant="secondary"
              onClick={() => {
                if (slips) window.print()
                setSlips(true)
              }}
            >
              {t('codes.print')}
            </Button>
            <AnchorButton
              variant="secondary"
              href={`data:text/csv;charset=utf-8,${encodeURIComponent(file)}`}
              download={`${round.id}-codes.csv`}
            >
              {t('codes.save')}
            </AnchorButton>
          </div>
          {isFrozen(round) && <RoundCheckCode round={round.id} />}
          {slips && <CodeSlips round={round} codes={codes} check={check} />}
          <Scroll label={t('codes.list')} className={styles.codeList}>
            <ol>
              {codes.map((code) => (
                <li key={code}>
                  <Slip code={code} check={check} />
                </li>
              ))}
            </ol>
          </Scroll>
        </Card>
      )}
    </section>
  )
}
