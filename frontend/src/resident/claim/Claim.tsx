import { useMutation, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useEffect, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useLocation, useNavigate } from '@/lib/router'
import { limitsClaimRequest } from '@/lib/limits.gen'
import { Button, LinkButton, Notification, TextInput } from '@/ui/hds'
import { ask, office } from '@/lib/api'
import { plainCode } from '@/lib/code'
import { useLang } from '@/lib/format'
import { useSession } from '@/lib/session'
import { useLocal } from '@/ui/text'
import { Form } from '@/ui/form/Form'
import { useForm } from '@/ui/form/useForm'
import { SignInFirst } from '@/resident/propose/SignInFirst'
import { useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { forgetCode, heldCode } from './code'

/** Where somebody whose proposal a Stadiluotsi entered claims it with the code on her letter. */
export default function Claim() {
  const query = useRound()
  const { t } = useTranslation('claim')
  return (
    <AskPage query={query} title={t('title')}>
      {(round) => <ClaimPage round={round} />}
    </AskPage>
  )
}

function ClaimPage({ round }: { round: Round }) {
  const { t } = useTranslation(['claim', 'propose'])
  const lang = useLang()
  const local = useLocal()
  const session = useSession()
  const cache = useQueryClient()
  const { hash, pathname } = useLocation()
  const navigate = useNavigate()
  const [code, setCode] = useState(() => heldCode(hash))
  // The code leaves the address, the history, and whatever is copied from there.
  useEffect(() => {
    if (hash) navigate(pathname, { replace: true })
  }, [hash, pathname, navigate])
  const plain = plainCode(code)
  const short = plain.length !== 12
  const claim = useMutation({
    mutationFn: () =>
      ask(
        office.POST('/api/v1/rounds/{round}/claims', {
          params: { path: { round: round.id } },
          body: { code: plain },
        }),
      ),
    onSuccess: () => {
      forgetCode()
      return cache.invalidateQueries({ queryKey: keys.allProposals })
    },
  })
  const form = useForm({
    wrong: { code: short ? t('empty') : undefined },
    cause: claim.error,
    prefix: 'claim.',
    codes: { claim_code_invalid: 'code' },
  })
  const at = `/${lang}/rounds/${round.id}`
  return (
    <Page title={t('title')} above={[{ to: at, text: local(round.name) }]} lead={claim.data ? undefined : t('lead')}>
      {session && !session.signed_in && <SignInFirst>{t('sign_in')}</SignInFirst>}
      {session?.signed_in && !claim.data && (
        <Form
          form={form}
          brief
          busy={claim.isPending}
          className="stack"
          onSend={claim.mutate}
          actions={
            <Button type="submit" busy={claim.isPending}>
              {t('action')}
            </Button>
          }
        >
          <TextInput
            id="claim.code"
            label={t('code')}
            helper={t('code_help')}
            error={form.errorOf('code')}
            required
            maxLength={limitsClaimRequest.code.maxLength}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            value={code}
            onChange={(event) => {
              setCode(event.target.value)
            }}
          />
          <p className="muted">{t('lost')}</p>
        </Form>
      )}
      {claim.data && (
        <div className="stack">
          <Notification kind="success" label={t('done')} live>
            <p>
              <strong dir="auto">{claim.data.text.title}</strong>
            </p>
            <p>{t('done_text')}</p>
          </Notification>
          <div className="actions">
            <LinkButton to={`${at}/proposals/${claim.data.id}`}>{t('open')}</LinkButton>
            <LinkButton variant="secondary" to={`/${lang}/account`}>
              {t('mail')}
            </LinkButton>
          </div>
        </div>
      )}
    </Page>
  )
}
