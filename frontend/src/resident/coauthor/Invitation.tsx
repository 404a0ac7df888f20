import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useEffect, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useLocation, useNavigate } from '@/lib/router'
import { AnchorButton, Button, LinkButton, Notification, Spinner } from '@/ui/hds'
import { Ask } from '@/ui/Ask'
import { ask, office } from '@/lib/api'
import { useFormat, useLang } from '@/lib/format'
import { signInHref, useSession } from '@/lib/session'
import { Trouble } from '@/ui/problem/Trouble'
import { Page } from '@/ui/Page'
import { forgetToken, heldToken, type Invitation as Invited } from '@/data/coauthor'

/** Where the link of an invitation leads: sign in, read what it is about, accept or decline. */
export default function Invitation() {
  const { t } = useTranslation(['coauthor', 'shell'])
  const lang = useLang()
  const session = useSession()
  const { hash, pathname } = useLocation()
  const navigate = useNavigate()
  const [token] = useState(() => heldToken(hash))
  // The secret leaves the address, the history, and whatever is copied from there.
  useEffect(() => {
    if (hash) navigate(pathname, { replace: true })
  }, [hash, pathname, navigate])
  return (
    <Page title={t('invitation.title')} above={[{ to: `/${lang}`, text: t('shell:nav.home') }]}>
      {!session ? (
        <Spinner />
      ) : !token ? (
        <p>{t('invitation.none')}</p>
      ) : !session.signed_in ? (
        <Notification label={t('invitation.sign_in')}>
          <p>{t('invitation.sign_in_text')}</p>
          <div className="actions">
            <AnchorButton href={signInHref(pathname, lang)} start="signin">
              {t('shell:sign_in')}
            </AnchorButton>
          </div>
        </Notification>
      ) : (
        <Answer token={token} />
      )}
    </Page>
  )
}

function Answer({ token }: { token: string }) {
  const query = useQuery({
    queryKey: keys.invitation(token),
    queryFn: () => ask(office.POST('/api/v1/invitation', { body: { token } })),
    staleTime: Infinity,
    retry: false,
  })
  return <Ask query={query}>{(invitation) => <Decide token={token} invitation={invitation} />}</Ask>
}

function Decide({ token, invitation }: { token: string; invitation: Invited }) {
  const { t } = useTranslation('coauthor')
  const lang = useLang()
  const { dateTime } = useFormat()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const to = `/${lang}/rounds/${invitation.round}/proposals/${String(invitation.proposal)}`
  const answer = useMutation({
    mutationFn: (accept: boolean) => ask(office.POST('/api/v1/invitation/answer', { body: { token, accept } })),
    onSuccess: (_, accept) => {
      forgetToken()
      void cache.invalidateQueries({ queryKey: keys.proposals(invitation.round) })
      if (accept) navigate(to, { state: { joined: true } })
    },
  })
  if (answer.isSuccess)
    return (
      <Notification kind="success" label={t(answer.variables ? 'invitation.accepted' : 'invitation.declined')} live />
    )
  return (
    <div className="stack-l">
      <div className="prose">
        <p className="lead">{t('invitation.by', { name: invitation.by })}</p>
        <h2 dir="auto">{invitation.title || t('invitation.untitled')}</h2>
        <p>{t('invitation.text')}</p>
        <p>{t('invitation.until', { time: dateTime(invitation.until) })}</p>
      </div>
      {answer.error && <Trouble cause={answer.error} />}
      <div className="actions">
        <Button
          busy={answer.isPending}
          onClick={() => {
            answer.mutate(true)
          }}
        >
          {t('invitation.accept')}
        </Button>
        <Button
          variant="secondary"
          busy={answer.isPending}
          onClick={() => {
            answer.mutate(false)
          }}
        >
          {t('invitation.decline')}
        </Button>
      </div>
      {answer.error && (
        <LinkButton variant="secondary" to={`/${lang}/rounds/${invitation.round}/mine`}>
          {t('invitation.mine')}
        </LinkButton>
      )}
    </div>
  )
}
