import { skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { limitsNewEnquiry } from '@/lib/limits.gen'
import { AnchorButton, Button, TextArea } from '@/ui/hds'
import { ask, office } from '@/lib/api'
import { useLang } from '@/lib/format'
import { signInHref } from '@/lib/session'
import { Trouble } from '@/ui/problem/Trouble'
import { Asked } from './Asked'
import { myEnquiriesQuery } from '@/data/enquiry'
import '@/shared/enquiry/enquiry.css'

interface Props {
  round: string
  /** My draft, once the server has it. */
  proposal?: number
  /** The area that is chosen in the form. */
  area: string
  signedIn: boolean
}

/** Asks the district's Stadiluotsi, from every step of the form. Not a form of its own: it stands beside the proposal's. */
export function AskLuotsi({ round, proposal, area, signedIn }: Props) {
  const { t } = useTranslation(['enquiry', 'problem', 'shell'])
  const lang = useLang()
  const here = useLocation()
  const cache = useQueryClient()
  const [text, setText] = useState('')
  const [tried, setTried] = useState(false)
  const options = myEnquiriesQuery(round)
  const { data = [] } = useQuery({ ...options, queryFn: signedIn ? options.queryFn : skipToken })
  const about = data.filter((one) => one.proposal === undefined || one.proposal === proposal)
  const send = useMutation({
    mutationFn: () =>
      ask(
        office.POST('/api/v1/rounds/{round}/enquiries', {
          params: { path: { round } },
          body: { text: text.trim(), language: lang, ...(proposal ? { proposal } : area && { area }) },
        }),
      ),
    onSuccess: () => {
      setText('')
      setTried(false)
      return cache.invalidateQueries({ queryKey: options.queryKey })
    },
  })
  return (
    <details className="ask-luotsi">
      <summary>{t('heading')}</summary>
      <div className="stack">
        <p>{t('lead')}</p>
        {about.length > 0 && <Asked enquiries={about} />}
        {signedIn ? (
          <>
            <TextArea
              id="enquiry"
              required
              rows={3}
              maxLength={limitsNewEnquiry.text.maxLength}
              label={t('text')}
              helper={t('text_help')}
              error={tried && !text.trim() ? t('problem:field.required') : undefined}
              value={text}
              onChange={(event) => {
                setText(event.target.value)
              }}
            />
            {send.error && <Trouble cause={send.error} />}
            <div>
              <Button
                small
                busy={send.isPending}
                onClick={() => {
                  setTried(true)
                  if (text.trim()) send.mutate()
                }}
              >
                {t('send')}
              </Button>
            </div>
            <p role="status">{send.isSuccess && !text ? t('sent') : ''}</p>
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
