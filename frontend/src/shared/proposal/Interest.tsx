import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useLocation } from '@/lib/router'
import { AnchorButton, Button } from '@/ui/hds'
import { ask, office } from '@/lib/api'
import { announce } from '@/lib/announce'
import { useFormat, useLang } from '@/lib/format'
import { share } from '@/lib/share'
import { signInHref, useSession } from '@/lib/session'
import { Trouble } from '@/ui/problem/Trouble'
import type { Round } from '@/data/round'
import type { Proposal } from '@/data/proposal'
import styles from './proposal.module.css'

export const interestQuery = (round: string, proposal: number) =>
  queryOptions({
    queryKey: keys.interest(round, proposal),
    queryFn: () =>
      ask(
        office.GET('/api/v1/rounds/{round}/proposals/{proposal}/interest', { params: { path: { round, proposal } } }),
      ),
  })

/** Makes or undoes one's support of a proposal, or the wish to hear of it. */
export function useBind(round: string, proposal: number) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ tie, on }: { tie: 'support' | 'follow'; on: boolean }) => {
      const of = { params: { path: { round, proposal } } }
      if (tie === 'support') {
        const path = '/api/v1/rounds/{round}/proposals/{proposal}/support'
        return ask(on ? office.PUT(path, of) : office.DELETE(path, of))
      }
      const path = '/api/v1/rounds/{round}/proposals/{proposal}/follow'
      return ask(on ? office.PUT(path, of) : office.DELETE(path, of))
    },
    onSuccess: (interest) => {
      cache.setQueryData(interestQuery(round, proposal).queryKey, interest)
      void cache.invalidateQueries({ queryKey: keys.followed(round) })
    },
  })
}

/** Nothing more becomes of a proposal that was withdrawn, or lives on in another. */
const ended = ({ state }: Proposal) => ['withdrawn', 'merged', 'split'].includes(state)

/** Support, follow and share a proposal. A pressed button says what is and undoes it. */
export function Interest({ proposal, round, title }: { proposal: Proposal; round: Round; title?: string }) {
  const { t } = useTranslation('proposal')
  const lang = useLang()
  const { number } = useFormat()
  const here = useLocation()
  const session = useSession()
  const { data } = useQuery(interestQuery(round.id, proposal.id))
  const bind = useBind(round.id, proposal.id)
  const open =
    (round.phase === 'proposing' || round.phase === 'vetting') && proposal.state !== 'rejected' && !ended(proposal)
  const press = (tie: 'support' | 'follow', on: boolean) => {
    bind.mutate(
      { tie, on },
      {
        onSuccess: () => {
          announce(
            t(
              tie === 'support'
                ? on
                  ? 'interest.supported'
                  : 'interest.support'
                : on
                  ? 'interest.followed'
                  : 'interest.follow',
            ),
          )
        },
      },
    )
  }
  return (
    <div className="stack-s">
      <div className="actions">
        {session?.signed_in && data && (
          <>
            {open && !proposal.mine && (
              <Button
                small
                variant={data.supports ? 'primary' : 'secondary'}
                start={data.supports ? 'heart-fill' : 'heart'}
                aria-pressed={data.supports}
                onClick={() => {
                  press('support', !data.supports)
                }}
              >
                {t(data.supports ? 'interest.supported' : 'interest.support')}
              </Button>
            )}
            {!proposal.mine && (data.follows || !ended(proposal)) && (
              <Button
                small
                variant={data.follows ? 'primary' : 'secondary'}
                start="bell"
                aria-pressed={data.follows}
                onClick={() => {
                  press('follow', !data.follows)
                }}
              >
                {t(data.follows ? 'interest.followed' : 'interest.follow')}
              </Button>
            )}
          </>
        )}
        {session && !session.signed_in && !ended(proposal) && (
          <AnchorButton small variant="secondary" href={signInHref(here.pathname, lang)} start="signin">
            {t(open ? 'interest.sign_in' : 'interest.sign_in_follow')}
          </AnchorButton>
        )}
        <Share round={round.id} proposal={proposal.id} title={title} />
      </div>
      {bind.error && <Trouble cause={bind.error} />}
      {data?.supporters !== undefined ? (
        <p>{t('interest.count', { count: data.supporters, number: number(data.supporters) })}</p>
      ) : (
        open && <p className="muted">{t('interest.hidden')}</p>
      )}
    </div>
  )
}

/** The address has no language and no trackers: whoever follows it reads the page in her own language. */
function Share({ round, proposal, title }: { round: string; proposal: number; title?: string }) {
  const { t } = useTranslation('proposal')
  const [said, setSaid] = useState('')
  const address = `${location.origin}/rounds/${round}/proposals/${String(proposal)}`
  const hand = async () => {
    const became = await share({ title, url: address })
    if (became === 'copied') setSaid(t('interest.copied', { address }))
    if (became === 'refused') setSaid(t('interest.address', { address })) // it can be copied by hand
  }
  return (
    <>
      <Button small variant="secondary" start="share" onClick={() => void hand()}>
        {t('interest.share')}
      </Button>
      <p role="status" className={styles.shareSaid}>
        {said}
      </p>
    </>
  )
}
