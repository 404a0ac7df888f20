import { useMutation, useQuery } from '@tanstack/react-query'
import { roundsQuery, type Round } from '@/data/round'
import { ask, office, type Schemas } from '@/lib/api'
import { useTranslation } from '@/lib/i18n'
import { limitsPersonLookUp } from '@/lib/limits.gen'
import { Ask } from '@/ui/Ask'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { Button, Select, TextInput } from '@/ui/hds'
import { Only } from '@/ui/Only'
import { Page } from '@/ui/Page'
import { useLocal } from '@/ui/text'
import { Answer } from './Answer'
import styles from './helpdesk.module.css'

const reasons = ['asked', 'asked_for', 'fault'] as const satisfies readonly Schemas['LookUpReason'][]

/** The page of those who answer people: what somebody who asks for help can do in the vote, or why not. */
export default function HelpDesk() {
  const { t } = useTranslation('helpdesk')
  return (
    <Only roles={['help_desk']} title={t('title')}>
      <Page title={t('title')} lead={t('lead')}>
        <Ask query={useQuery(roundsQuery)}>
          {(rounds) => {
            const open = rounds.filter(({ phase }) => phase === 'voting')
            return open.length === 0 ? (
              <p>{t('no_rounds')}</p>
            ) : (
              <div className="stack-l">
                {open.map((round) => (
                  <LookUp key={round.id} round={round} />
                ))}
              </div>
            )
          }}
        </Ask>
      </Page>
    </Only>
  )
}

function LookUp({ round }: { round: Round }) {
  const { t } = useTranslation('helpdesk')
  const local = useLocal()
  const look = useMutation({
    mutationFn: (body: Schemas['PersonLookUp']) =>
      ask(office.POST('/api/v1/rounds/{round}/help-desk/look-ups', { params: { path: { round: round.id } }, body })),
    gcTime: 0,
    onSuccess: () => {
      empty() // the identity code does not stay on the screen
    },
  })
  const { values, form, field, empty } = useFields({
    start: { identity_code: '', reason: '', words: '' },
    labels: { identity_code: t('form.identity'), reason: t('form.reason'), words: t('form.words') },
    check: ({ identity_code: code, reason, words }) => ({
      identity_code: code.trim() ? undefined : t('form.identity_missing'),
      reason: reason ? undefined : t('form.reason_missing'),
      words: words.trim() ? undefined : t('form.words_missing'),
    }),
    prefix: `help.${round.id}.`,
    cause: look.error,
  })
  return (
    <section className="stack" aria-label={local(round.name)}>
      {look.data ? (
        <Answer
          found={look.data}
          round={round}
          onNext={() => {
            look.reset()
          }}
        />
      ) : (
        <Form
          form={form}
          busy={look.isPending}
          className={`stack ${styles.form ?? ''}`}
          onSend={() => {
            const reason = reasons.find((one) => one === values.reason)
            if (reason) look.mutate({ identity_code: values.identity_code.trim(), reason, words: values.words.trim() })
          }}
          actions={
            <Button type="submit" busy={look.isPending}>
              {t('form.button')}
            </Button>
          }
        >
          <h2>
            {t('form.title')}: {local(round.name)}
          </h2>
          <p>{t('form.text')}</p>
          <TextInput
            {...field('identity_code')}
            helper={t('form.identity_help')}
            required
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            maxLength={limitsPersonLookUp.identity_code.maxLength}
          />
          <Select
            {...field('reason')}
            required
            options={[
              { value: '', label: t('form.choose') },
              ...reasons.map((value) => ({ value, label: t(`reason.${value}`) })),
            ]}
          />
          <TextInput
            {...field('words')}
            helper={t('form.words_help')}
            required
            autoComplete="off"
            maxLength={limitsPersonLookUp.words.maxLength}
          />
        </Form>
      )}
    </section>
  )
}
