import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AnchorButton, Button, Card, Notification, TextInput } from '@/ui/hds'
import { Ask } from '@/ui/Ask'
import { ask, office, type Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { limitsCodesRequest } from '@/lib/limits.gen'
import { useLocal } from '@/ui/text'
import { Form } from '@/ui/form/Form'
import { useForm } from '@/ui/form/useForm'
import { isFrozen, type Round } from '@/data/round'
import { rollQuery } from '@/data/office'
import { RoundCheckCode } from '@/receipt/CheckCode'
import { RoundPage } from './RoundPage'
import { Scroll } from './Scroll'
import { Slip, useCheckCode } from './Slip'

export function Roll() {
  const { t } = useTranslation('office')
  return (
    <RoundPage title={t('roll.title')} lead={t('roll.about')}>
      {(round) => (
        <>
          <Status round={round} />
          <section className="stack">
            <h2>{t('roll.import.heading')}</h2>
            <p>{t('roll.import.text')}</p>
            <Scroll label={t('roll.import.command')} className="office-command">
              <pre>
                <code>{`osbu roll import --check --round ${round.id} roll.csv\nosbu roll import --round ${round.id} roll.csv`}</code>
              </pre>
            </Scroll>
          </section>
          <Codes round={round} />
        </>
      )}
    </RoundPage>
  )
}

function Status({ round }: { round: Round }) {
  const { t } = useTranslation('office')
  const query = useQuery(rollQuery(round.id))
  return (
    <section className="stack">
      <h2>{t('roll.status')}</h2>
      <Ask query={query}>{(status) => <Numbers round={round} status={status} />}</Ask>
    </section>
  )
}

function Numbers({ round, status }: { round: Round; status: Schemas['RollStatus'] }) {
  const { t } = useTranslation('office')
  const local = useLocal()
  const { number, dateTime } = useFormat()
  const nameOf = (paper: string) => local(round.settings.papers.find(({ id }) => id === paper)?.name) || paper
  return (
    <>
      <dl className="facts office-facts">
        {(['entries', 'protected', 'without_area', 'codes_issued', 'codes_used'] as const).map((key) => (
          <div key={key}>
            <dt>{t(`roll.${key}`)}</dt>
            <dd>{number(status[key])}</dd>
          </div>
        ))}
        {status.imported_at && (
          <div>
            <dt>{t('roll.imported_at')}</dt>
            <dd>{dateTime(status.imported_at)}</dd>
          </div>
        )}
      </dl>
      <Scroll label={t('roll.spent')}>
        <table>
          <caption>{t('roll.spent')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('roll.paper')}</th>
              <th scope="col" className="office-sum">
                {t('roll.rights')}
              </th>
              <th scope="col" className="office-sum">
                {t('roll.online')}
              </th>
              <th scope="col" className="office-sum">
                {t('roll.assisted')}
              </th>
              <th scope="col" className="office-sum">
                {t('roll.on_paper')}
              </th>
            </tr>
          </thead>
          <tbody>
            {status.papers.map(({ paper, rights, online, assisted, on_paper }) => (
              <tr key={paper}>
                <th scope="row">{nameOf(paper)}</th>
                <td className="office-sum">{number(rights)}</td>
                <td className="office-sum">{number(online)}</td>
                <td className="office-sum">{number(assisted)}</td>
                <td className="office-sum">{number(on_paper)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  )
}

const most = limitsCodesRequest.count.maximum

/** Voting codes: shown once, to print or to save; the server keeps only what it needs to recognise them. */
function Codes({ round }: { round: Round }) {
  const { t } = useTranslation('office')
  const { number } = useFormat()
  const cache = useQueryClient()
  const check = useCheckCode(round)
  const [count, setCount] = useState('')
  const wanted = /^\d{1,5}$/.test(count.trim()) ? Number(count) : 0
  const good = wanted >= 1 && wanted <= most
  const issue = useMutation({
    mutationFn: () =>
      ask(
        office.POST('/api/v1/rounds/{round}/codes', { params: { path: { round: round.id } }, body: { count: wanted } }),
      ),
    onSuccess: () => {
      setCount('')
      form.begin()
      void cache.invalidateQueries({ queryKey: keys.round(round.id) })
    },
  })
  const form = useForm({
    wrong: { count: good ? undefined : t('codes.bad', { most: number(most) }) },
    cause: issue.error,
    prefix: 'codes.',
  })
  const codes = issue.data?.codes
  const file = useMemo(
    () => codes && `data:text/csv;charset=utf-8,${encodeURIComponent(`code\n${codes.join('\n')}\n`)}`,
    [codes],
  )
  return (
    <section className="stack">
      <h2>{t('codes.heading')}</h2>
      <p>{t('codes.text')}</p>
      <Form form={form} brief busy={issue.isPending} className="office-inline" onSend={issue.mutate}>
        <TextInput
          id="codes.count"
          label={t('codes.count')}
          helper={t('codes.most', { most: number(most) })}
          inputMode="numeric"
          required
          value={count}
          error={form.errorOf('count')}
          onChange={(event) => {
            setCount(event.target.value)
          }}
        />
        <Button type="submit" variant="secondary" busy={issue.isPending}>
          {t('codes.issue')}
        </Button>
      </Form>
      {codes && file && (
        <Card as="section" className="stack office-codes">
          <Notification kind="alert" label={t('codes.once')} live>
            {t('codes.once_text', { count: codes.length, number: number(codes.length) })}
          </Notification>
          <div className="actions">
            <Button
              variant="secondary"
              onClick={() => {
                window.print()
              }}
            >
              {t('codes.print')}
            </Button>
            <AnchorButton variant="secondary" href={file} download={`${round.id}-codes.csv`}>
              {t('codes.save')}
            </AnchorButton>
          </div>
          {isFrozen(round) && <RoundCheckCode round={round.id} />}
          <Scroll label={t('codes.list')} className="office-code-list">
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
