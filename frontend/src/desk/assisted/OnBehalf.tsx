import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { mailboxQuery } from '@/data/account'
import { Button, Card, LinkButton } from '@/ui/hds'
import { ask, office } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { Trouble } from '@/ui/problem/Trouble'
import { proposalQuery } from '@/data/proposal'
import type { Round } from '@/data/round'
import { Slips } from './Slips'
import { Address } from './Address'
import { reissue, type Proposal } from '@/data/assisted'
import './told.css'

/** On the desk: for whom a proposal was entered and with what consent; mending it, submitting it, and another slip. */
export function OnBehalf({ round, proposal }: { round: Round; proposal: Proposal }) {
  const { t } = useTranslation('told')
  const { date } = useFormat()
  const cache = useQueryClient()
  const { told, channel, may } = proposal
  const { data: mailbox } = useQuery(mailboxQuery)
  const [address, setAddress] = useState('')
  const slip = useMutation({
    mutationFn: () => reissue(round.id, proposal.id, address.trim()),
    onSuccess: () => {
      setAddress('')
    },
  })
  const submit = useMutation({
    mutationFn: () =>
      ask(
        office.POST('/api/v1/rounds/{round}/proposals/{proposal}/submit', {
          params: { path: { round: round.id, proposal: proposal.id } },
        }),
      ),
    onSuccess: () => cache.invalidateQueries({ queryKey: proposalQuery(round.id, proposal.id).queryKey }),
  })
  if (!told || channel === 'online') return null
  return (
    <Card as="section" className="stack">
      <h2 className="told-unprinted">{t('case.heading')}</h2>
      <p className="told-unprinted">{t('entered_by', { name: told.by, channel: t(`channel.${channel}`) })}</p>
      <p className="told-unprinted">
        {told.consent
          ? t(`case.consent_${told.consent.how}`, { date: date(told.consent.given_on) })
          : told.claimed
            ? t('case.claimed')
            : t('case.no_consent')}
      </p>
      {told.consent && told.claimed && <p>{t('case.claimed')}</p>}
      {may.includes('reissue') && (
        <>
          {mailbox?.sends && (
            <div className="told-unprinted">
              <Address value={address} onChange={setAddress} />
            </div>
          )}
          <div className="actions told-unprinted">
            {may.includes('submit') && told.consent && (
              <Button
                busy={submit.isPending}
                onClick={() => {
                  submit.mutate()
                }}
              >
                {t('form.submit')}
              </Button>
            )}
            {may.includes('amend') && (
              <LinkButton variant="secondary" to={`/desk/${round.id}/told/${String(proposal.id)}`}>
                {t('amend.action')}
              </LinkButton>
            )}
            <Button
              variant="secondary"
              busy={slip.isPending}
              onClick={() => {
                slip.mutate()
              }}
            >
              {t('slip.again')}
            </Button>
          </div>
          <p className="muted told-unprinted">{t('slip.again_text')}</p>
          {submit.error && <Trouble cause={submit.error} />}
          {slip.error && <Trouble cause={slip.error} />}
          {slip.data && (
            <Slips
              round={round}
              slips={[
                {
                  id: proposal.id,
                  title: proposal.text.title ?? '',
                  code: slip.data.code,
                  name: proposal.author,
                  language: proposal.text.language,
                },
              ]}
            />
          )}
        </>
      )}
    </Card>
  )
}
