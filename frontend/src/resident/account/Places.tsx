import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { Icon, type IconName } from '@/ui/hds'
import { useLang } from '@/lib/format'
import { roundsQuery, type Round } from '@/data/round'
import { useVoted } from '@/receipt/voted'
import { useLocal } from '@/ui/text'
import { classes } from '@/lib/classes'
import styles from './account.module.css'

/** Where the other things of mine are: proposals and receipts by round, and my right to vote. */
export function Places() {
  const { t } = useTranslation('account')
  const lang = useLang()
  const { data } = useQuery(roundsQuery)
  const rounds = (data ?? []).filter(({ phase, rehearsal }) => phase !== 'draft' && !rehearsal)
  return (
    <nav aria-label={t('places.heading')}>
      <ul className={classes('plain', styles.places)}>
        {rounds.map((round) => (
          <OfRound key={round.id} round={round} />
        ))}
        <Place to={`/${lang}/rights`} icon="key" text={t('places.rights')} />
      </ul>
    </nav>
  )
}

function OfRound({ round }: { round: Round }) {
  const { t } = useTranslation('account')
  const lang = useLang()
  const name = useLocal()(round.name)
  const voted = useVoted(round.id)
  const at = `/${lang}/rounds/${round.id}`
  return (
    <>
      <Place to={`${at}/mine`} icon="lightbulb" text={t('places.proposals', { round: name })} />
      {voted && <Place to={`${at}/vote/receipt`} icon="ticket" text={t('places.receipt', { round: name })} />}
    </>
  )
}

function Place({ to, icon, text }: { to: string; icon: IconName; text: string }) {
  return (
    <li>
      <Link to={to}>
        <Icon name={icon} />
        {text}
      </Link>
    </li>
  )
}
