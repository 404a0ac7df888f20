import { skipToken, useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { LinkButton, Spinner } from '@/ui/hds'
import { Ask } from '@/ui/Ask'
import { Asked } from '@/resident/enquiry/Asked'
import { myEnquiriesQuery } from '@/data/enquiry'
import { useLang } from '@/lib/format'
import { useSession } from '@/lib/session'
import { useLocal } from '@/ui/text'
import { ProposalCard } from '@/resident/proposal/ProposalCard'
import { followedQuery, mineQuery } from '@/data/proposal'
import { stageOf, useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { SignInFirst } from './SignInFirst'
import { classes } from '@/lib/classes'
import styles from '@/shared/proposal/proposal.module.css'

/** My own proposals of a round, drafts included. */
export default function Mine() {
  const query = useRound()
  const { t } = useTranslation('propose')
  return (
    <AskPage query={query} title={t('mine.title')}>
      {(round) => <MinePage round={round} />}
    </AskPage>
  )
}

function MinePage({ round }: { round: Round }) {
  const { t } = useTranslation(['propose', 'shell'])
  const lang = useLang()
  const local = useLocal()
  const session = useSession()
  const options = mineQuery(round.id)
  const query = useQuery({ ...options, queryFn: session?.signed_in ? options.queryFn : skipToken })
  const open = stageOf(round).acts.includes('propose')
  return (
    <Page
      title={t('mine.title')}
      above={[
        { to: `/${lang}`, text: t('shell:nav.home') },
        { to: `/${lang}/rounds/${round.id}`, text: local(round.name) },
      ]}
      lead={
        open && (
          <div className="actions">
            <LinkButton to={`/${lang}/rounds/${round.id}/propose`} start="plus">
              {t('mine.propose')}
            </LinkButton>
          </div>
        )
      }
    >
      {!session ? (
        <Spinner />
      ) : !session.signed_in ? (
        <SignInFirst>{t('mine.sign_in')}</SignInFirst>
      ) : (
        <div className="stack-l">
          <Ask query={query}>
            {({ proposals }) =>
              proposals.length === 0 ? (
                <p>{t('mine.none')}</p>
              ) : (
                <ul className={classes('plain', styles.list)}>
                  {proposals.map((proposal) => (
                    <ProposalCard key={proposal.id} proposal={proposal} round={round} />
                  ))}
                </ul>
              )
            }
          </Ask>
          <Questions round={round} />
          <Followed round={round} />
        </div>
      )}
    </Page>
  )
}

/** What I asked while I wrote. */
function Questions({ round }: { round: Round }) {
  const { t } = useTranslation('enquiry')
  const { data } = useQuery(myEnquiriesQuery(round.id))
  if (!data || data.length === 0) return null
  return (
    <section className="stack" id="questions">
      <h2>{t('mine')}</h2>
      <Asked enquiries={data} />
    </section>
  )
}

/** What others wrote and I want to hear of. */
function Followed({ round }: { round: Round }) {
  const { t } = useTranslation('propose')
  const { data } = useQuery(followedQuery(round.id))
  if (!data || data.total === 0) return null
  return (
    <section className="stack">
      <h2>{t('mine.followed')}</h2>
      <ul className={classes('plain', styles.list)}>
        {data.proposals.map((proposal) => (
          <ProposalCard key={proposal.id} proposal={proposal} round={round} level={3} />
        ))}
      </ul>
    </section>
  )
}
