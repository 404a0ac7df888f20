import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Link, useSearchParams } from '@/lib/router'
import { keepProposal, reportedProposalsQuery, reportedQuery, type Fault } from '@/data/discussion'
import { keys } from '@/data/keys'
import { announce } from '@/lib/announce'
import { classes } from '@/lib/classes'
import styles from '@/shared/discussion/discussion.module.css'
import { Said } from '@/shared/discussion/Said'
import { Ask } from '@/ui/Ask'
import { useLocal } from '@/ui/text'
import { useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { Trouble } from '@/ui/problem/Trouble'

/** Proposals and comments that somebody reported in my districts, or those that are hidden there. */
export function Reported() {
  return <AskPage query={useRound()}>{(round) => <ReportedPage round={round} />}</AskPage>
}

function ReportedPage({ round }: { round: Round }) {
  const { t } = useTranslation(['comment', 'desk'])
  const local = useLocal()
  const [params] = useSearchParams()
  const hidden = params.has('hidden')
  return (
    <Page
      title={t(hidden ? 'moderation.hidden_title' : 'moderation.title', { round: local(round.name) })}
      above={[
        { to: '/desk', text: t('desk:title') },
        { to: `/desk/${round.id}`, text: local(round.name) },
      ]}
      lead={t(hidden ? 'moderation.hidden_lead' : 'moderation.lead')}
    >
      <div className="stack-l">
        <p>
          <Link to={hidden ? '?' : '?hidden=true'}>
            {t(hidden ? 'moderation.waiting_link' : 'moderation.hidden_link')}
          </Link>
        </p>
        <section className="stack">
          <h2>{t('moderation.proposals')}</h2>
          <Proposals round={round.id} hidden={hidden} />
        </section>
        <section className="stack">
          <h2>{t('moderation.comments')}</h2>
          <Comments round={round.id} hidden={hidden} />
        </section>
      </div>
    </Page>
  )
}

/** What a text is reported for: each fault once. */
function Faults({ faults }: { faults: Fault[] }) {
  const { t } = useTranslation('comment')
  if (faults.length === 0) return null
  return <p>{t('moderation.for', { faults: [...new Set(faults)].map((fault) => t(`fault.${fault}`)).join('; ') })}</p>
}

function Proposals({ round, hidden }: { round: string; hidden: boolean }) {
  const { t } = useTranslation('comment')
  const cache = useQueryClient()
  const keep = useMutation({
    mutationFn: (id: number) => keepProposal(round, id),
    onSuccess: async () => {
      announce(t('of_proposal.shown'))
      await cache.invalidateQueries({ queryKey: keys.proposals(round) })
    },
  })
  return (
    <Ask query={useQuery(reportedProposalsQuery(round, hidden))}>
      {(proposals) =>
        proposals.length === 0 ? (
          <p>{t(hidden ? 'moderation.hidden_no_proposals' : 'moderation.no_proposals')}</p>
        ) : (
          <>
            {keep.error && <Trouble cause={keep.error} />}
            <ul className={classes('plain stack', styles.discussion)} aria-label={t('moderation.proposals')}>
              {proposals.map(({ id, title, faults, hidden: why, note }) => (
                <li key={id} className={styles.comment}>
                  <p dir="auto">
                    <Link to={`/desk/${round}/${String(id)}`}>{title}</Link>
                  </p>
                  <Faults faults={faults} />
                  {why && <p>{t(`fault.${why}`)}</p>}
                  {note && (
                    <p className="lines" dir="auto">
                      {note}
                    </p>
                  )}
                  <div className={styles.acts}>
                    <button
                      type="button"
                      className={styles.linkButton}
                      aria-label={`${t(why ? 'keep.show' : 'keep.action')}: ${title}`}
                      onClick={() => {
                        keep.mutate(id)
                      }}
                    >
                      {t(why ? 'keep.show' : 'keep.action')}
                    </button>
                  </div>
                </li>
              ))}
            </ul>
          </>
        )
      }
    </Ask>
  )
}

function Comments({ round, hidden }: { round: string; hidden: boolean }) {
  const { t } = useTranslation('comment')
  return (
    <Ask query={useQuery(reportedQuery(round, hidden))}>
      {(comments) =>
        comments.length === 0 ? (
          <p>{t(hidden ? 'moderation.hidden_none' : 'moderation.none')}</p>
        ) : (
          <ul className={classes('plain stack', styles.discussion)} aria-label={t('moderation.comments')}>
            {comments.map((comment) => (
              <Said key={comment.id} round={round} comment={comment}>
                <Faults faults={comment.faults ?? []} />
                <p dir="auto">
                  <Link to={`/desk/${round}/${String(comment.proposal)}`}>
                    {comment.title ? t('moderation.about', { title: comment.title }) : t('moderation.proposal')}
                  </Link>
                </p>
              </Said>
            ))}
          </ul>
        )
      }
    </Ask>
  )
}
