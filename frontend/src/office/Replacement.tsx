import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, Card, Checkbox, Notification, Select, TextInput } from '@/ui/hds'
import { ask, office } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { limitsReplacementRequest } from '@/lib/limits.gen'
import { useLocal } from '@/ui/text'
import { Form } from '@/ui/form/Form'
import { useForm } from '@/ui/form/useForm'
import { numbersQuery, type Round } from '@/data/round'
import { RoundPage } from './RoundPage'
import { Slip, useCheckCode } from './Slip'
import { classes } from '@/lib/classes'
import styles from './office.module.css'

/** One new code for a person whose browser was lost between credential and ballot. */
export function Replacement() {
  const { t } = useTranslation('office')
  return (
    <RoundPage title={t('replacement.title')} lead={t('replacement.lead')}>
      {(round) => (round.phase === 'voting' ? <Give round={round} /> : <Notification label={t('replacement.shut')} />)}
    </RoundPage>
  )
}

function Give({ round }: { round: Round }) {
  const { t } = useTranslation('office')
  const local = useLocal()
  const { number } = useFormat()
  const cache = useQueryClient()
  const numbers = useQuery(numbersQuery(round.id)).data
  const check = useCheckCode(round)
  const { papers } = round.settings
  const empty = { paper: papers[0]?.id ?? '', identity: '', reason: '', seen: false }
  const [written, setWritten] = useState(empty)
  const give = useMutation({
    mutationFn: () =>
      ask(
        office.POST('/api/v1/rounds/{round}/papers/{paper}/replacements', {
          params: { path: { round: round.id, paper: written.paper } },
          body: { identity_code: written.identity.trim(), reason: written.reason.trim() },
        }),
      ),
    onSuccess: () => {
      setWritten(empty) // the identity code does not stay on the screen
      form.begin()
      void cache.invalidateQueries({ queryKey: numbersQuery(round.id).queryKey })
    },
  })
  const form = useForm({
    wrong: {
      identity_code: written.identity.trim() ? undefined : t('required'),
      reason: written.reason.trim() ? undefined : t('required'),
      seen: written.seen ? undefined : t('replacement.seen_missing'),
    },
    cause: give.error,
    prefix: 'replacement.',
  })
  const unseen = form.errorOf('seen')
  const given = numbers?.papers.reduce((sum, { replacements }) => sum + replacements, 0)
  return (
    <>
      <section className="prose">
        <h2>{t('replacement.when.heading')}</h2>
        <p>{t('replacement.when.text')}</p>
        <p>{t('replacement.when.bound')}</p>
        {numbers && given !== undefined && (
          <p>{t('replacement.given', { given: number(given), most: number(numbers.most_replacements) })}</p>
        )}
      </section>
      <Form
        form={form}
        busy={give.isPending}
        className={classes('stack', styles.form)}
        onSend={give.mutate}
        actions={
          <Button type="submit" busy={give.isPending}>
            {t('replacement.button')}
          </Button>
        }
      >
        <h2>{t('replacement.give')}</h2>
        {papers.length > 1 && (
          <Select
            label={t('replacement.paper')}
            required
            options={papers.map(({ id, name }) => ({ value: id, label: local(name) }))}
            value={written.paper}
            onChange={(event) => {
              setWritten({ ...written, paper: event.target.value })
            }}
          />
        )}
        <TextInput
          id="replacement.identity_code"
          label={t('replacement.identity')}
          helper={t('replacement.identity_help')}
          required
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={limitsReplacementRequest.identity_code.maxLength}
          value={written.identity}
          error={form.errorOf('identity_code')}
          onChange={(event) => {
            setWritten({ ...written, identity: event.target.value })
          }}
        />
        <TextInput
          id="replacement.reason"
          label={t('reason')}
          helper={t('replacement.reason_help')}
          required
          maxLength={limitsReplacementRequest.reason.maxLength}
          value={written.reason}
          error={form.errorOf('reason')}
          onChange={(event) => {
            setWritten({ ...written, reason: event.target.value })
          }}
        />
        <div>
          <Checkbox
            id="replacement.seen"
            label={t('replacement.seen')}
            checked={written.seen}
            aria-invalid={unseen ? true : undefined}
            aria-describedby={unseen ? 'replacement-unseen' : undefined}
            onChange={(event) => {
              setWritten({ ...written, seen: event.target.checked })
            }}
          />
          {unseen && (
            <p id="replacement-unseen" className={styles.error}>
              {unseen}
            </p>
          )}
        </div>
      </Form>
      {give.data && (
        <Card as="section" className={classes('stack', styles.codes)}>
          <Notification kind="success" label={t('replacement.done')} live>
            {t('replacement.done_text')}
          </Notification>
          <p className={styles.oneCode}>
            <Slip code={give.data.code} check={check} />
          </p>
          <div className="actions">
            <Button
              variant="secondary"
              start="printer"
              onClick={() => {
                window.print()
              }}
            >
              {t('codes.print')}
            </Button>
            <Button
              variant="supplementary"
              onClick={() => {
                give.reset()
              }}
            >
              {t('replacement.hide')}
            </Button>
          </div>
        </Card>
      )}
    </>
  )
}
