import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Link, Route, Routes } from '@/lib/router'
import { LinkButton } from '@/ui/hds'
import { Ask } from '@/ui/Ask'
import { useLocal } from '@/ui/text'
import { ProposalTags } from '@/shared/proposal/ProposalTags'
import { useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Only } from '@/ui/Only'
import { Page } from '@/ui/Page'
import { Amend, Enter } from './Enter'
import { Import } from './Import'
import { classes } from '@/lib/classes'
import styles from './assisted.module.css'
import { assistedQuery } from '@/data/assisted'

/** What residents told a Stadiluotsi, for them: entering, importing, and what waits for its author. */
export default function Assisted() {
  const { t } = useTranslation('assisted')
  return (
    <Only roles={['facilitator']} title={t('title')}>
      <Routes>
        <Route path="/" element={<List />} />
        <Route path="/new" element={<Enter />} />
        <Route path="/import" element={<Import />} />
        <Route path="/:proposal" element={<Amend />} />
      </Routes>
    </Only>
  )
}

function List() {
  return <AskPage query={useRound()}>{(round) => <ListPage round={round} />}</AskPage>
}

function ListPage({ round }: { round: Round }) {
  const { t } = useTranslation(['assisted', 'desk', 'proposal'])
  const local = useLocal()
  return (
    <Page
      title={t('title')}
      above={[
        { to: '/desk', text: t('desk:title') },
        { to: `/desk/${round.id}`, text: local(round.name) },
      ]}
      lead={t('lead')}
    >
      <div className="stack-l">
        <div className="actions">
          <LinkButton to={`/desk/${round.id}/assisted/new`}>{t('form.title')}</LinkButton>
          <LinkButton variant="secondary" to={`/desk/${round.id}/assisted/import`}>
            {t('import.title')}
          </LinkButton>
        </div>
        <section className="stack">
          <h2>{t('waiting')}</h2>
          <Ask query={useQuery(assistedQuery(round.id))}>
            {({ proposals }) =>
              proposals.length === 0 ? (
                <p>{t('nothing')}</p>
              ) : (
                <ul className={classes('plain', styles.rows)}>
                  {proposals.map((proposal) => (
                    <li key={proposal.id} className={styles.row}>
                      <h3>
                        <Link to={`/desk/${round.id}/${String(proposal.id)}`}>
                          {proposal.text.title ?? t('proposal:untitled')}
                        </Link>
                      </h3>
                      <ProposalTags proposal={proposal} round={round} />
                      <p className="muted">
                        {t('entered_by', {
                          name: proposal.assisted?.by ?? '',
                          channel: t(`channel.${proposal.channel as 'phone'}`),
                        })}
                      </p>
                    </li>
                  ))}
                </ul>
              )
            }
          </Ask>
        </section>
      </div>
    </Page>
  )
}
