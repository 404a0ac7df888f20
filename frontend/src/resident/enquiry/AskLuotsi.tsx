import { skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { useLocation } from '@/lib/router'
import { limitsNewEnquiry } from '@/lib/limits.gen'
import { AnchorButton, Button, TextArea } from '@/ui/hds'
import { ask, office } from '@/lib/api'
import { useLang } from '@/lib/format'
import { signInHref } from '@/lib/session'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { Asked } from './Asked'
import { myEnquiriesQuery } from '@/data/enquiry'
import styles from '@/shared/enquiry/enquiry.module.css'

interface Props {
  round: string
  /** My draft, once the server has it. */
  proposal?: number
  /** The area that is chosen in the form. */
  area: string
  signedIn: boolean
}

/** Asks the district's Stadiluotsi, from every step of the form. */
export function AskLuotsi({ round, proposal, area, signedIn }: Props) {
  const { t } = useTranslation(['enquiry', 'problem', 'shell'])
  const lang = useLang()
  const here = useLocation()
  const cache = useQueryClient()
  const options = myEnquiriesQuery(round)
  const { data = [] } = useQuery({ ...options, queryFn: signedIn ? options.queryFn : skipToken })
  const about = data.filter((one) => one.proposal === undefined || one.proposal === proposal)
  const send = useMutation({
    mutationFn: (text: string) =>
      ask(
        office.POST('/api/v1/rounds/{round}/enquiries', {
          params: { path: { round } },
          body: { text: text.trim(), language: lang, ...(proposal ? { proposal } : area && { area }) },
        }),
      ),
    onSuccess: () => {
      empty()
      return cache.invalidateQueries({ queryKey: options.queryKey })
    },
  })
  const { values, field, form, empty } = useFields({
    start: { text: '' },
    labels: { text: t('text') },
    check: ({ text }) => ({ text: text.trim() ? undefined : t('problem:field.required') }),
    prefix: 'enquiry.',
    cause: send.error,
    slot: `enquiry.${round}`,
  })
  return (
    <details className={styles.ask}>
      <summary>{t('heading')}</summary>
      <div className="stack">
        <p>{t('lead')}</p>
        {about.length > 0 && <Asked enquiries={about} />}
        {signedIn ? (
          <>
            <Form
              form={form}
              brief
              busy={send.isPending}
              onSend={() => {
                send.mutate(values.text)
              }}
              actions={
                <Button type="submit" small busy={send.isPending}>
                  {t('send')}
                </Button>
              }
            >
              <TextArea
                {...field('text')}
                required
                rows={3}
                maxLength={limitsNewEnquiry.text.maxLength}
                helper={t('text_help')}
              />
            </Form>
            <p role="status">{send.isSuccess && !values.text ? t('sent') : ''}</p>
          </>
        ) : (
          <>
            <p>{t('sign_in')}</p>
            <div>
              <AnchorButton
                small
                variant="secondary"
                href={signInHref(here.pathname + here.search, lang)}
                start="signin"
              >
                {t('shell:sign_in')}
              </AnchorButton>
            </div>
          </>
        )}
      </div>
    </details>
  )
}
