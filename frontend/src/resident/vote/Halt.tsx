import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { Notification } from '@/ui/hds'
import { useLang } from '@/lib/format'
import { Problem } from '@/lib/problem'
import { Trouble } from '@/ui/problem/Trouble'
import type { Round } from '@/data/round'
import { Refusal, Spent } from './Refusal'
import { Stopped } from '@/receipt/stopped'
import { StoppedNote } from '@/receipt/CheckCode'

/** Why the vote did not go through, what became of it, and what to do now. */
export function Halt({ round, cause }: { round: Round; cause: unknown }) {
  const { t } = useTranslation('vote')
  const lang = useLang()
  if (cause instanceof Stopped) {
    if (cause.reason === 'refused' && cause.rights) return <Refusal round={round} rights={cause.rights} />
    if (cause.reason === 'spent') return <Spent round={round} />
    if (cause.reason === 'cast_before') {
      return (
        <Notification kind="success" label={t('halt.cast_before.heading')} live>
          <p>{t('halt.cast_before.text')}</p>
        </Notification>
      )
    }
    return <StoppedNote reason={cause.reason} />
  }
  if (!(cause instanceof Problem)) return <Trouble cause={cause} />
  if (cause.code === 'right_spent') return <Spent round={round} />
  if (cause.code === 'voting_closed') {
    return (
      <Notification kind="error" label={t('halt.closed.heading')} live>
        <p>{t('halt.closed.text')}</p>
      </Notification>
    )
  }
  if (cause.code === 'sign_in_required' || cause.code === 'code_invalid') {
    return (
      <Notification kind="error" label={t('halt.unknown.heading')} live>
        <p>{t('halt.unknown.text')}</p>
        <p>
          <Link to={`/${lang}/rounds/${round.id}/vote/identify`}>{t('review.identify')}</Link>
        </p>
      </Notification>
    )
  }
  if (cause.passing) {
    return (
      <Notification kind="error" label={t('halt.passing.heading')} live>
        <p>{t('halt.passing.text')}</p>
        <p>{t('halt.passing.kept')}</p>
      </Notification>
    )
  }
  return <Trouble cause={cause} />
}
