import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link, useNavigate, useParams } from '@/lib/router'
import { useQuery } from '@tanstack/react-query'
import { LinkButton, Notification } from '@/ui/hds'
import { useSession } from '@/lib/session'
import { useLocal } from '@/ui/text'
import { proposalQuery } from '@/data/proposal'
import { useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { ClaimLetters } from './ClaimLetters'
import { AssistedForm } from './AssistedForm'
import type { Proposal, ClaimLetter } from '@/data/assisted'
import { classes } from '@/lib/classes'
import styles from './assisted.module.css'

/** Enters a proposal for somebody, and prints the letter by which she claims it. */
export function Enter() {
  return <AskPage query={useRound()}>{(round) => <EnterPage round={round} />}</AskPage>
}

function EnterPage({ round }: { round: Round }) {
  const { t } = useTranslation(['assisted', 'desk'])
  const own = useOwn(round)
  const [done, setDone] = useState<ClaimLetter>()
  return (
    <Page
      title={t(done ? 'entered.title' : 'form.title')}
      above={useAbove(round)}
      lead={done ? undefined : t('form.lead')}
    >
      {done ? (
        <div className="stack-l">
          <Notification
            kind="success"
            label={t(done.proposal.submitted_at ? 'entered.submitted' : 'entered.draft')}
            live
          >
            <Link to={`/desk/${round.id}/${String(done.proposal.id)}`}>{done.proposal.text.title}</Link>
          </Notification>
          <ClaimLetters
            round={round}
            letters={[
              {
                id: done.proposal.id,
                title: done.proposal.text.title ?? '',
                code: done.code,
                name: done.proposal.author,
                language: done.proposal.text.language,
              },
            ]}
          />
          <div className={classes('actions', styles.unprinted)}>
            <LinkButton variant="secondary" to={`/desk/${round.id}/assisted`}>
              {t('entered.back')}
            </LinkButton>
          </div>
        </div>
      ) : (
        <AssistedForm
          round={own}
          onDone={({ letter }) => {
            setDone(letter)
            window.scrollTo(0, 0)
          }}
        />
      )}
    </Page>
  )
}

/** Amends what was told, until it is claimed or the evaluation begins. */
export function Amend() {
  const { round = '', proposal = '' } = useParams()
  const rounds = useRound()
  const query = useQuery(proposalQuery(round, Number(proposal)))
  return (
    <AskPage query={rounds}>
      {(of) => <AskPage query={query}>{(found) => <AmendPage round={of} proposal={found} />}</AskPage>}
    </AskPage>
  )
}

function AmendPage({ round, proposal }: { round: Round; proposal: Proposal }) {
  const { t } = useTranslation(['assisted', 'desk'])
  const navigate = useNavigate()
  const own = useOwn(round)
  const above = useAbove(round)
  return (
    <Page
      title={t('amend.title')}
      above={[...above, { to: `/desk/${round.id}/${String(proposal.id)}`, text: proposal.text.title ?? '' }]}
      lead={t('amend.lead')}
    >
      {proposal.may.includes('amend') ? (
        <AssistedForm
          round={own}
          proposal={proposal}
          onDone={() => {
            navigate(`/desk/${round.id}/${String(proposal.id)}`)
          }}
        />
      ) : (
        <Notification label={t('amend.late')} />
      )}
    </Page>
  )
}

/** The round with the areas of hers alone. */
function useOwn(round: Round): Round {
  const areas = useSession()?.areas ?? []
  return {
    ...round,
    settings: { ...round.settings, areas: round.settings.areas.filter(({ id }) => areas.includes(id)) },
  }
}

export function useAbove(round: Round) {
  const { t } = useTranslation(['assisted', 'desk'])
  const local = useLocal()
  return [
    { to: '/desk', text: t('desk:title') },
    { to: `/desk/${round.id}`, text: local(round.name) },
    { to: `/desk/${round.id}/assisted`, text: t('title') },
  ]
}
