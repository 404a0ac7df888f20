import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { proposalsQuery, type ProposalState } from '@/data/proposal'
import type { Round } from '@/data/round'
import { useLang } from '@/lib/format'
import { ProposalCard } from '@/resident/proposal/ProposalCard'
import { ofTheDay } from './ofTheDay'
import { classes } from '@/lib/classes'
import styles from '@/shared/proposal/proposal.module.css'

/** Those that may still come true. */
const alive: ProposalState[] = ['submitted', 'in_evaluation', 'needs_information', 'accepted', 'appealed', 'on_ballot']

/** Three of the newest proposals, others each day. */
export function ThreeProposals({ round }: { round: Round }) {
  const { t } = useTranslation('front')
  const lang = useLang()
  const { data } = useInfiniteQuery(proposalsQuery(round.id, {}, 'newest'))
  const newest = data?.pages[0]?.proposals ?? []
  const proposals = ofTheDay(
    newest.filter(({ state }) => alive.includes(state)),
    Date.parse(round.now),
  )
  if (proposals.length === 0) return null
  return (
    <section className="stack">
      <h2>{t('proposals.heading')}</h2>
      <ul className={classes('plain', styles.list)}>
        {proposals.map((proposal) => (
          <ProposalCard key={proposal.id} proposal={proposal} round={round} level={3} />
        ))}
      </ul>
      <p>
        <Link to={`/${lang}/rounds/${round.id}/proposals`}>{t('proposals.all')}</Link>
      </p>
    </section>
  )
}
