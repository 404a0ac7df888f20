import { skipToken, useQuery } from '@tanstack/react-query'
import { Suspense } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useParams } from '@/lib/router'
import { Card } from '@/ui/hds'
import { Discussion } from '@/shared/discussion/Discussion'
import { ModerateProposal } from '@/shared/discussion/ModerateProposal'
import { EstimateCard } from '@/shared/estimate/EstimateCard'
import { EstimateForm } from '@/desk/estimate/EstimateForm'
import { Gallery } from '@/shared/gallery/Gallery'
import { useFormat, useLang } from '@/lib/format'
import { hasRole, useSession } from '@/lib/session'
import { useLocal } from '@/ui/text'
import { MergeCard } from '@/desk/merge/MergeCard'
import { Answer } from '@/shared/proposal/Answer'
import { Paragraph } from '@/shared/proposal/Paragraph'
import { proposalQuery, type Proposal } from '@/data/proposal'
import { ProposalTags } from '@/shared/proposal/ProposalTags'
import { useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { CaseNav } from './CaseNav'
import { Casework } from './Casework'
import css from './case.module.css'
import { useTrail } from './useTrail'
import { Correct } from './Correct'
import { Decide } from './Decide'
import { fileQuery } from '@/data/desk'
import { Assistance } from '@/desk/assisted/Assistance'
import { isUndecided } from '@/data/queue'
import { Timeline } from './Timeline'
import styles from '@/shared/proposal/proposal.module.css'

/** One proposal on the desk: what the author wrote, what happened so far, and what I may decide. */
export function Case() {
  const { round = '', proposal = '' } = useParams()
  const rounds = useRound()
  const query = useQuery(proposalQuery(round, Number(proposal)))
  return (
    <AskPage query={rounds}>
      {(of) => <AskPage query={query}>{(found) => <CasePage round={of} proposal={found} />}</AskPage>}
    </AskPage>
  )
}

function CasePage({ round, proposal }: { round: Round; proposal: Proposal }) {
  const { t } = useTranslation(['desk', 'shell', 'proposal', 'expert'])
  const lang = useLang()
  const local = useLocal()
  const { dateTime } = useFormat()
  const { text } = proposal
  const session = useSession()
  const writes = !proposal.mine && (hasRole(session, 'official') || (session?.areas.includes(text.area ?? '') ?? false))
  const reads = writes || (!proposal.mine && (session?.divisions.includes(proposal.division ?? '') ?? false))
  const estimates = !writes && hasRole(session, 'expert')
  const options = fileQuery(round.id, proposal.id)
  const file = useQuery({ ...options, queryFn: reads ? options.queryFn : skipToken })
  const trail = useTrail(round.id, proposal.id)
  return (
    <Page
      title={`#${String(proposal.id)} ${text.title ?? t('proposal:untitled')}`}
      lang={text.language === lang ? undefined : text.language}
      above={[
        { to: '/desk', text: t('title') },
        { to: trail.list, text: local(round.name) },
      ]}
      lead={<ProposalTags proposal={proposal} round={round} />}
    >
      <CaseNav trail={trail} />
      <div className={css.case}>
        <div className="stack-l">
          <section className="prose" lang={text.language}>
            <Paragraph heading={t('proposal:what')} text={text.what} lang={lang} />
            <Paragraph heading={t('proposal:why')} text={text.why} lang={lang} />
            <Paragraph heading={t('proposal:where')} text={text.place} lang={lang} />
          </section>
          <Gallery round={round.id} proposal={proposal.id} images={proposal.images} lang={text.language} />
          <dl className="facts">
            <div>
              <dt>{t('case.author')}</dt>
              <dd>
                {[
                  proposal.author || t(proposal.assisted ? 'proposal:assisted.somebody' : 'proposal:history.city'),
                  ...proposal.coauthors,
                ].join(', ')}
              </dd>
            </div>
            <div>
              <dt>{t('case.facilitator')}</dt>
              <dd>{proposal.facilitator ?? t('queue.free')}</dd>
            </div>
            <div>
              <dt>{t('case.language')}</dt>
              <dd>{t(`case.in.${text.language ?? 'fi'}`)}</dd>
            </div>
            {text.point && (
              <div>
                <dt>{t('case.point')}</dt>
                <dd>
                  {text.point.latitude.toFixed(5)}, {text.point.longitude.toFixed(5)}
                </dd>
              </div>
            )}
            {proposal.submitted_at && (
              <div>
                <dt>{t('case.submitted')}</dt>
                <dd>{dateTime(proposal.submitted_at)}</dd>
              </div>
            )}
            <div>
              <dt>{t('case.public')}</dt>
              <dd>
                <a href={`/${lang}/rounds/${round.id}/proposals/${String(proposal.id)}`}>{t('case.public_link')}</a>
              </dd>
            </div>
          </dl>
        </div>
        <div className={`stack-l ${css.decision ?? ''}`}>
          {proposal.question && (
            <Card as="section" className={styles.answer}>
              <h2>{t('case.question')}</h2>
              <p className="lines">{proposal.question}</p>
              {proposal.answer_by && (
                <p>
                  <strong>
                    {t(Date.parse(proposal.answer_by) < Date.parse(round.now) ? 'case.answer_late' : 'case.answer_by', {
                      time: dateTime(proposal.answer_by),
                    })}
                  </strong>
                </p>
              )}
            </Card>
          )}
          {(proposal.rejection ?? proposal.answer ?? (proposal.state !== 'in_evaluation' && proposal.cost)) && (
            <Answer proposal={proposal} />
          )}
          {proposal.appeal && (
            <Card as="section" className={styles.answer}>
              <h2>{t('case.appeal')}</h2>
              <p className="lines" dir="auto">
                {proposal.appeal}
              </p>
            </Card>
          )}
          {proposal.assisted && (writes || proposal.may.includes('reissue')) && (
            <Assistance round={round} proposal={proposal} />
          )}
          {proposal.estimate && <EstimateCard estimate={proposal.estimate} />}
          {proposal.may.includes('estimate') && <EstimateForm round={round.id} proposal={proposal} />}
          {estimates ? (
            !proposal.may.includes('estimate') && <p>{t(reads ? 'expert:form.later' : 'expert:form.elsewhere')}</p>
          ) : (
            <Decide key={proposal.id} proposal={proposal} round={round} trail={trail} />
          )}
          <Correct proposal={proposal} round={round} />
          {writes && <ModerateProposal round={round.id} proposal={proposal} />}
          <Suspense>{reads && <MergeCard round={round} proposal={proposal} />}</Suspense>
          {reads && (
            <Casework
              round={round.id}
              proposal={proposal.id}
              area={text.area ?? ''}
              writes={writes}
              open={(round.phase === 'proposing' || round.phase === 'vetting') && isUndecided(proposal.state)}
            />
          )}
        </div>
        <Timeline
          round={round.id}
          proposal={proposal.id}
          notes={file.data?.notes ?? []}
          staff={reads}
          erases={writes}
        />
        <div className="stack-l">
          <Discussion round={round.id} proposal={proposal.id} />
        </div>
      </div>
    </Page>
  )
}
