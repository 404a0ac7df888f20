import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Button, Card, TextArea } from '@/ui/hds'
import { enquiriesQuery, type Enquiry } from '@/data/enquiry'
import { classes } from '@/lib/classes'
import styles from '@/ui/work.module.css'
import enquiryStyles from '@/shared/enquiry/enquiry.module.css'
import { announce } from '@/lib/announce'
import { Ask } from '@/ui/Ask'
import { ask, office } from '@/lib/api'
import { useFormat, useLang } from '@/lib/format'
import { limitsNewAnswer } from '@/lib/limits.gen'
import { useLocal } from '@/ui/text'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { Paragraph } from '@/shared/proposal/Paragraph'
import { useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'

/** What people of my districts ask while they write, those that wait first. */
export function Enquiries() {
  return <AskPage query={useRound()}>{(round) => <EnquiriesPage round={round} />}</AskPage>
}

function EnquiriesPage({ round }: { round: Round }) {
  const { t } = useTranslation(['enquiry', 'desk'])
  const local = useLocal()
  return (
    <Page
      title={t('desk.title')}
      above={[
        { to: '/desk', text: t('desk:title') },
        { to: `/desk/${round.id}`, text: local(round.name) },
      ]}
      lead={t('desk.lead')}
    >
      <Ask query={useQuery(enquiriesQuery(round.id))}>
        {(enquiries) =>
          enquiries.length === 0 ? (
            <p>{t('desk.none')}</p>
          ) : (
            <ul className="plain stack">
              {enquiries.map((enquiry) => (
                <One key={enquiry.id} round={round} enquiry={enquiry} />
              ))}
            </ul>
          )
        }
      </Ask>
    </Page>
  )
}

function One({ round, enquiry }: { round: Round; enquiry: Enquiry }) {
  const { t } = useTranslation(['enquiry', 'proposal', 'desk'])
  const lang = useLang()
  const local = useLocal()
  const { dateTime } = useFormat()
  const { by, at, area, text, language, answer, answered_by, answered_at, draft } = enquiry
  const named = area
    ? local(round.settings.areas.find(({ id }) => id === area)?.name ?? { fi: area })
    : t('desk.no_area')
  return (
    <Card as="li" className="stack-s">
      <p className="muted">
        {t('desk.by', { name: by, area: named, time: dateTime(at), language: t(`desk:case.in.${language}`) })}
      </p>
      <p className="lines" lang={language} dir="auto">
        <strong>{text}</strong>
      </p>
      {draft && (
        <details>
          <summary dir="auto">{t('desk.draft', { title: draft.title ?? t('proposal:untitled') })}</summary>
          <div className={classes('prose', styles.fold, enquiryStyles.draft)} lang={draft.language}>
            <Paragraph heading={t('proposal:what')} text={draft.what} lang={lang} />
            <Paragraph heading={t('proposal:why')} text={draft.why} lang={lang} />
            <Paragraph heading={t('proposal:where')} text={draft.place} lang={lang} />
          </div>
        </details>
      )}
      {answer ? (
        <div className={enquiryStyles.answer}>
          <p className="muted">{t('answered', { name: answered_by, time: answered_at && dateTime(answered_at) })}</p>
          <p className="lines" dir="auto">
            {answer}
          </p>
        </div>
      ) : (
        <AnswerForm round={round.id} enquiry={enquiry} />
      )}
    </Card>
  )
}

function AnswerForm({ round, enquiry }: { round: string; enquiry: Enquiry }) {
  const { t } = useTranslation(['enquiry', 'problem'])
  const cache = useQueryClient()
  const answer = useMutation({
    mutationFn: (text: string) =>
      ask(
        office.POST('/api/v1/rounds/{round}/enquiries/{enquiry}/answer', {
          params: { path: { round, enquiry: enquiry.id } },
          body: { text: text.trim() },
        }),
      ),
    onSuccess: () => {
      done()
      announce(t('desk.done'))
      return cache.invalidateQueries({ queryKey: enquiriesQuery(round).queryKey })
    },
  })
  const at = `enquiry.${round}.${String(enquiry.id)}`
  const { values, field, form, done } = useFields({
    start: { text: '' },
    labels: { text: t('desk.answer') },
    check: ({ text }) => ({ text: text.trim() ? undefined : t('problem:field.required') }),
    prefix: `${at}.`,
    cause: answer.error,
    slot: at,
  })
  return (
    <Form
      form={form}
      brief
      busy={answer.isPending}
      className="stack-s"
      onSend={() => {
        answer.mutate(values.text)
      }}
      actions={
        <Button type="submit" small busy={answer.isPending}>
          {t('desk.send')}
        </Button>
      }
    >
      <TextArea
        {...field('text')}
        helper={t('desk.answer_help', { name: enquiry.by })}
        required
        rows={3}
        maxLength={limitsNewAnswer.text.maxLength}
      />
    </Form>
  )
}
