import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { useLocation, useParams } from '@/lib/router'
import { useSession } from '@/lib/session'
import { LinkButton, Notification, Tag } from '@/ui/hds'
import { MailNote } from '@/resident/account/MailNote'
import { Coauthors } from '@/resident/coauthor/Coauthors'
import { Discussion } from '@/shared/discussion/Discussion'
import { ModerateProposal } from '@/shared/discussion/ModerateProposal'
import { EstimateCard } from '@/shared/estimate/EstimateCard'
import { Gallery } from '@/shared/gallery/Gallery'
import { useFormat, useLang } from '@/lib/format'
import { Favourite } from '@/resident/favourite/Favourite'
import { TieNotes } from './TieNotes'
import { useLocal } from '@/ui/text'
import { pointText } from '@/lib/point'
import { mapHref } from '@/shared/propose/draft'
import { stageOf, useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { Answer } from '@/shared/proposal/Answer'
import { Appeal } from './Appeal'
import { AuthorActions } from './AuthorActions'
import { History } from './History'
import { Interest } from '@/shared/proposal/Interest'
import { Paragraph } from '@/shared/proposal/Paragraph'
import styles from '@/shared/proposal/proposal.module.css'
import { mailboxQuery } from '@/data/account'
import { tiesQuery } from '@/data/merge'
import { proposalQuery, wordsOf, type Proposal as ProposalType } from '@/data/proposal'
import { ProposalTags } from '@/shared/proposal/ProposalTags'

/**
 * One proposal: what the author wrote, what the city answered, how it changed. What stands above the text is asked for
 * with it and waited for, so that nothing pushes the text away; where it fails, the text comes without it.
 */
export default function Proposal() {
  const { round = '', proposal = '' } = useParams()
  const lang = useLang()
  const rounds = useRound()
  const query = useQuery(proposalQuery(round, Number(proposal)))
  const ties = useQuery(tiesQuery(round, Number(proposal)))
  const mailbox = useQuery({ ...mailboxQuery, enabled: useSession()?.signed_in === true })
  const comes = ({ isPending, failureCount }: typeof ties | typeof mailbox) => isPending && failureCount === 0
  const found = query.data
  const awaited = found && ((found.submitted_at && comes(ties)) || (found.mine && comes(mailbox)))
  return (
    <AskPage query={rounds}>
      {(of) => (
        <AskPage query={query} title={found && wordsOf(found, lang).title?.value} awaited={Boolean(awaited)}>
          {(proposal) => <ProposalPage round={of} proposal={proposal} />}
        </AskPage>
      )}
    </AskPage>
  )
}

function ProposalPage({ round, proposal }: { round: Round; proposal: ProposalType }) {
  const { t } = useTranslation(['proposal', 'shell', 'coauthor', 'delivery'])
  const lang = useLang()
  const local = useLocal()
  const { dateTime } = useFormat()
  const { pathname, state: arrived } = useLocation()
  const { text } = proposal
  const { title, what, why, place } = wordsOf(proposal, lang)
  const at = `/${lang}/rounds/${round.id}`
  return (
    <Page
      title={title?.value ?? t('untitled')}
      lang={title?.lang}
      above={[
        { to: `/${lang}`, text: t('shell:nav.home') },
        { to: at, text: local(round.name) },
        { to: `${at}/proposals`, text: t('shell:nav.proposals') },
      ]}
      lead={
        <ProposalTags proposal={proposal} round={round}>
          {proposal.project !== undefined && <Tag>{t('number', { number: proposal.project })}</Tag>}
        </ProposalTags>
      }
    >
      <div className="stack-l">
        {cameFrom(arrived, 'joined') && <Notification kind="success" label={t('coauthor:invitation.accepted')} live />}
        {cameFrom(arrived, 'submitted') && (
          <Notification kind="success" label={t('submitted.title')} live>
            {t('submitted.text')}
          </Notification>
        )}
        {proposal.project !== undefined && stageOf(round).acts.includes('vote') && (
          <div className="actions">
            <LinkButton to={`${at}/vote`} state={{ project: proposal.project }} end="arrow-right">
              {t('vote')}
            </LinkButton>
            <Favourite round={round.id} proposal={proposal.id} title={title?.value ?? ''} />
          </div>
        )}
        {proposal.state === 'selected' && proposal.project !== undefined && (
          <div className="actions">
            <LinkButton to={`${at}/delivery/${String(proposal.project)}`} end="arrow-right">
              {t('delivery:follow')}
            </LinkButton>
          </div>
        )}
        {proposal.submitted_at && <TieNotes round={round} proposal={proposal.id} />}
        {proposal.mine && <AuthorActions proposal={proposal} round={round} />}
        {proposal.mine && <MailNote />}
        {proposal.mine && proposal.hidden && <ModerateProposal round={round.id} proposal={proposal} />}
        <div className={styles.columns}>
          <div className="prose">
            <Gallery round={round.id} proposal={proposal.id} images={proposal.images} lang={text.language} />
            <Paragraph heading={t('what')} text={what?.value} lang={lang} spoken={what?.lang} />
            <Paragraph heading={t('why')} text={why?.value} lang={lang} spoken={why?.lang} />
            <Paragraph
              heading={t('where')}
              text={place?.value ?? (text.point && ' ')}
              lang={lang}
              spoken={place?.lang}
            />
            {text.point && (
              <p>
                <a href={mapHref(text.point)} rel="noreferrer">
                  {t('on_map', { point: pointText(text.point) })}
                </a>
              </p>
            )}
            <p className="muted">
              {t('by', {
                name: [
                  proposal.author || t(proposal.assisted ? 'assisted.somebody' : 'history.the_city'),
                  ...proposal.coauthors,
                ].join(', '),
                time: dateTime(proposal.submitted_at ?? proposal.updated_at),
              })}{' '}
              {proposal.assisted && t('assisted.by')}
            </p>
          </div>
          <div className="stack-l">
            <Answer proposal={proposal} />
            {proposal.estimate && <EstimateCard estimate={proposal.estimate} />}
          </div>
        </div>
        {proposal.mine && <Coauthors round={round.id} proposal={proposal.id} level={2} />}
        {proposal.mine && <Appeal proposal={proposal} round={round.id} />}
        {proposal.submitted_at && <Interest proposal={proposal} round={round} title={title?.value} />}
        {proposal.submitted_at && <Discussion round={round.id} proposal={proposal.id} />}
        {!proposal.mine && <ModerateProposal round={round.id} proposal={proposal} />}
        <History key={pathname} round={round.id} proposal={proposal.id} />
      </div>
    </Page>
  )
}

function cameFrom(state: unknown, step: 'submitted' | 'joined'): boolean {
  return typeof state === 'object' && state !== null && step in state
}
