import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { Contact } from '@/ui/Contact'
import { Notification } from '@/ui/hds'
import { startOfDay } from '@/lib/day'
import { useFormat, useLang } from '@/lib/format'
import type { Round } from '@/data/round'
import type { Rights } from './identity'
import { useReceipts } from './receipt'

/** Why somebody may not vote, kindly, and what she can do. */
export function Refusal({ round, rights }: { round: Round; rights: Rights }) {
  const { t } = useTranslation('vote')
  const { date } = useFormat()
  const lang = useLang()
  const reason = rights.refusal ?? 'not_on_roll'
  const day = rights.old_enough_on
  const inTime = day !== undefined && Date.parse(startOfDay(day)) < Date.parse(round.times.voting.closes)
  return (
    <Notification kind="alert" label={t(`refusal.${reason}.heading`)} live>
      <p>{t(`refusal.${reason}.text`, { age: round.settings.eligibility.age })}</p>
      {reason === 'too_young' && day && (
        <p>
          {inTime
            ? t('refusal.too_young.in_time', { day: date(day) })
            : t('refusal.too_young.later', { day: date(day) })}
        </p>
      )}
      <p>{t(`refusal.${reason}.do`)}</p>
      <Contact />
      <p>
        <Link to={`/${lang}/rounds/${round.id}/proposals`}>{t('refusal.browse')}</Link>
      </p>
    </Notification>
  )
}

/** The right is used. Whether that was here, elsewhere or by somebody else, only the voter can know. */
export function Spent({ round }: { round: Round }) {
  const { t } = useTranslation('vote')
  const lang = useLang()
  const kept = useReceipts(round.id)
  return (
    <Notification kind="alert" label={t('spent.heading')} live>
      <p>{t('spent.text')}</p>
      {kept.length > 0 ? (
        <p>
          {t('spent.here')} <Link to={`/${lang}/rounds/${round.id}/vote/receipt`}>{t('voted_here.receipt')}</Link>
        </p>
      ) : (
        <>
          <ul>
            <li>{t('spent.elsewhere')}</li>
            <li>{t('spent.lost')}</li>
            <li>{t('spent.not_me')}</li>
          </ul>
          <Contact />
          <p>
            <Link to={`/${lang}/rounds/${round.id}/vote/recover`}>{t('spent.have_code')}</Link>
          </p>
        </>
      )}
    </Notification>
  )
}
