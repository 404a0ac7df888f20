import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Card, Checkbox, Notification, Select, TextInput } from '@/ui/hds'
import { ask, office } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { limitsReplacementRequest } from '@/lib/limits.gen'
import { useLocal } from '@/ui/text'
import { Trouble } from '@/ui/problem/Trouble'
import { numbersQuery, type Round } from '@/data/round'
import { RoundPage } from './RoundPage'

/** One new code for a person whose browser was lost between credential and ballot. */
export function Replacement() {
  const { t } = useTranslation('office')
  return (
    <RoundPage title={t('replacement.title')} lead={t('replacement.lead')}>
      {(round) => (round.phase === 'voting' ? <Give round={round} /> : <Notification label={t('replacement.shut')} />)}
    </RoundPage>
  )
}

const fields = ['identity', 'reason', 'seen'] as const

function Give({ round }: { round: Round }) {
  const { t } = useTranslation('office')
  const local = useLocal()
  const { number } = useFormat()
  const cache = useQueryClient()
  const numbers = useQuery(numbersQuery(round.id)).data
  const { papers } = round.settings
  const empty = { paper: papers[0]?.id ?? '', identity: '', reason: '', seen: false }
  const [form, setForm] = useState(empty)
  const [tried, setTried] = useState(false)
  const missing = { identity: !form.identity.trim(), reason: !form.reason.trim(), seen: !form.seen }
  const give = useMutation({
    mutationFn: () =>
      ask(
        office.POST('/api/v1/rounds/{round}/papers/{paper}/replacements', {
          params: { path: { round: round.id, paper: form.paper } },
          body: { identity_code: form.identity.trim(), reason: form.reason.trim() },
        }),
      ),
    onSuccess: () => {
      setForm(empty) // the identity code does not stay on the screen
      setTried(false)
      void cache.invalidateQueries({ queryKey: numbersQuery(round.id).queryKey })
    },
  })
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
      <form
        className="stack office-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          setTried(true)
          const first = fields.find((field) => missing[field])
          if (first) document.getElementById(`replacement-${first}`)?.focus()
          else if (!give.isPending) give.mutate()
        }}
      >
        <h2>{t('replacement.give')}</h2>
        {give.error && <Trouble cause={give.error} />}
        {papers.length > 1 && (
          <Select
            label={t('replacement.paper')}
            required
            options={papers.map(({ id, name }) => ({ value: id, label: local(name) }))}
            value={form.paper}
            onChange={(event) => {
              setForm({ ...form, paper: event.target.value })
            }}
          />
        )}
        <TextInput
          id="replacement-identity"
          label={t('replacement.identity')}
          helper={t('replacement.identity_help')}
          required
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={limitsReplacementRequest.identity_code.maxLength}
          value={form.identity}
          error={tried && missing.identity ? t('required') : undefined}
          onChange={(event) => {
            setForm({ ...form, identity: event.target.value })
          }}
        />
        <TextInput
          id="replacement-reason"
          label={t('reason')}
          helper={t('replacement.reason_help')}
          required
          maxLength={limitsReplacementRequest.reason.maxLength}
          value={form.reason}
          error={tried && missing.reason ? t('required') : undefined}
          onChange={(event) => {
            setForm({ ...form, reason: event.target.value })
          }}
        />
        <div>
          <Checkbox
            id="replacement-seen"
            label={t('replacement.seen')}
            checked={form.seen}
            aria-invalid={tried && missing.seen ? true : undefined}
            aria-describedby={tried && missing.seen ? 'replacement-unseen' : undefined}
            onChange={(event) => {
              setForm({ ...form, seen: event.target.checked })
            }}
          />
          {tried && missing.seen && (
            <p id="replacement-unseen" className="office-error">
              {t('replacement.seen_missing')}
            </p>
          )}
        </div>
        <div className="actions">
          <Button type="submit" busy={give.isPending}>
            {t('replacement.button')}
          </Button>
        </div>
      </form>
      {give.data && (
        <Card as="section" className="stack office-codes">
          <Notification kind="success" label={t('replacement.done')} live>
            {t('replacement.done_text')}
          </Notification>
          <p className="office-one-code">
            <code>{give.data.code}</code>
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
