import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { mailboxQuery } from '@/data/account'
import { Button, Card, LinkButton } from '@/ui/hds'
import { ask, office } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { Trouble } from '@/ui/problem/Trouble'
import { proposalQuery } from '@/data/proposal'
import type { Round } from '@/data/round'
import { ClaimLetters } from './ClaimLetters'
import { Address } from './Address'
import { reissue, type Proposal } from '@/data/assisted'
import { classes } from '@/lib/classes'
import styles from './assisted.module.css'

/** On the desk: for whom a proposal was entered and with what consent; mending it, submitting it, and another letter. */
export function Assistance({ round, proposal }: { round: Round; proposal: Proposal }) {
  const { t } = useTranslation('assisted')
  const { date } = useFormat()
  const cache = useQueryClient()
  const { assisted, channel, may } = proposal
  const { data: mailbox } = useQuery(mailboxQuery)
  const [address, setAddress] = useState('')
  const letter = useMutation({
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
  if (!assisted || channel === 'online') return null
  return (
    <Card as="section" className="stack">
      <h2 className={styles.unprinted}>{t('case.heading')}</h2>
      <p className={styles.unprinted}>{t('entered_by', { name: assisted.by, channel: t(`channel.${channel}`) })}</p>
      <p className={styles.unprinted}>
        {assisted.consent
          ? t(`case.consent_${assisted.consent.how}`, { date: date(assisted.consent.given_on) })
          : assisted.claimed
            ? t('case.claimed')
            : t('case.no_consent')}
      </p>
      {assisted.consent && assisted.claimed && <p>{t('case.claimed')}</p>}
      {may.includes('reissue') && (
        <>
          {mailbox?.sends && (
            <div className={styles.unprinted}>
              <Address value={address} onChange={setAddress} />
            </div>
          )}
          <div className={classes('actions', styles.unprinted)}>
            {may.includes('submit') && assisted.consent && (
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
              <LinkButton variant="secondary" to={`/desk/${round.id}/assisted/${String(proposal.id)}`}>
                {t('amend.action')}
              </LinkButton>
            )}
            <Button
              variant="secondary"
              busy={letter.isPending}
              onClick={() => {
                letter.mutate()
              }}
            >
              {t('letter.again')}
            </Button>
          </div>
          <p className={classes('muted', styles.unprinted)}>{t('letter.again_text')}</p>
          {submit.error && <Trouble cause={submit.error} />}
          {letter.error && <Trouble cause={letter.error} />}
          {letter.data && (
            <ClaimLetters
              round={round}
              letters={[
                {
                  id: proposal.id,
                  title: proposal.text.title ?? '',
                  code: letter.data.code,
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
