import { skipToken, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useNavigate, useParams } from '@/lib/router'
import { LinkButton, Notification, Spinner } from '@/ui/hds'
import { Ask } from '@/ui/Ask'
import { useLang } from '@/lib/format'
import { useSession } from '@/lib/session'
import { useLocal } from '@/ui/text'
import { proposalQuery } from '@/data/proposal'
import { stageOf, useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { ProposalForm } from './ProposalForm'
import { SignInFirst } from './SignInFirst'

/** Makes or edits a proposal. */
export default function Propose() {
  const rounds = useRound()
  const { t } = useTranslation('propose')
  return (
    <AskPage query={rounds} title={t('title')}>
      {(round) => <ProposePage round={round} />}
    </AskPage>
  )
}

function ProposePage({ round }: { round: Round }) {
  const { t } = useTranslation(['propose', 'shell'])
  const lang = useLang()
  const local = useLocal()
  const navigate = useNavigate()
  const session = useSession()
  const { proposal: number } = useParams()
  const id = number === undefined ? undefined : Number(number)
  // A draft that the open form has just made: the address changes, the form stays.
  const [made, setMade] = useState<number>()
  const isNew = id === undefined || id === made
  const options = proposalQuery(round.id, id ?? 0)
  const query = useQuery({
    ...options,
    queryFn: id !== undefined && session?.signed_in ? options.queryFn : skipToken,
    refetchOnWindowFocus: false,
  })
  const at = `/${lang}/rounds/${round.id}`

  const content = () => {
    if (!session) return <Spinner />
    if (id !== undefined && !session.signed_in) return <SignInFirst>{t('sign_in.to_edit')}</SignInFirst>
    if (id !== undefined && !query.data) return <Ask query={query}>{() => null}</Ask>
    if (id === undefined && !stageOf(round).acts.includes('propose')) return <No reason="closed" to={at} />
    if (!isNew && !query.data?.may.includes('edit')) return <No reason="locked" to={`${at}/proposals/${id}`} />
    return (
      <ProposalForm
        key={isNew ? 'new' : id}
        round={round}
        proposal={isNew ? undefined : query.data}
        id={id}
        signedIn={session.signed_in}
        onDraft={(draft) => {
          setMade(draft.id)
          navigate({ pathname: `${at}/propose/${draft.id}`, search: location.search }, { replace: true })
        }}
      />
    )
  }

  return (
    <Page
      title={t(isNew || query.data?.state === 'draft' ? 'title' : 'title_edit')}
      above={[
        { to: `/${lang}`, text: t('shell:nav.home') },
        { to: at, text: local(round.name) },
      ]}
    >
      {content()}
    </Page>
  )
}

function No({ reason, to }: { reason: 'closed' | 'locked'; to: string }) {
  const { t } = useTranslation('propose')
  return (
    <Notification label={t(`${reason}.title`)}>
      <p>{t(`${reason}.text`)}</p>
      <LinkButton small variant="secondary" to={to}>
        {t(`${reason}.see`)}
      </LinkButton>
    </Notification>
  )
}
