import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { reportedQuery } from '@/data/discussion'
import '@/shared/discussion/comment.css'
import { Said } from '@/shared/discussion/Said'
import { Ask } from '@/ui/Ask'
import { useLocal } from '@/ui/text'
import { useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'

/** Comments that somebody reported in my districts. */
export function Reported() {
  return <AskPage query={useRound()}>{(round) => <ReportedPage round={round} />}</AskPage>
}

function ReportedPage({ round }: { round: Round }) {
  const { t } = useTranslation(['comment', 'desk'])
  const local = useLocal()
  return (
    <Page
      title={t('moderation.title', { round: local(round.name) })}
      above={[
        { to: '/desk', text: t('desk:title') },
        { to: `/desk/${round.id}`, text: local(round.name) },
      ]}
      lead={t('moderation.lead')}
    >
      <Ask query={useQuery(reportedQuery(round.id))}>
        {(comments) =>
          comments.length === 0 ? (
            <p>{t('moderation.none')}</p>
          ) : (
            <ul className="plain stack discussion" aria-label={t('moderation.link')}>
              {comments.map((comment) => (
                <Said key={comment.id} round={round.id} comment={comment}>
                  <p>
                    <Link to={`/desk/${round.id}/${String(comment.proposal)}`}>{t('moderation.proposal')}</Link>
                  </p>
                </Said>
              ))}
            </ul>
          )
        }
      </Ask>
    </Page>
  )
}
