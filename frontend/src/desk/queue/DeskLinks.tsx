import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { workQuery } from '@/data/desk'
import type { Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { hasRole, useSession } from '@/lib/session'
import { useLocal } from '@/ui/text'
import styles from './links.module.css'

const staff: Schemas['Role'][] = ['facilitator', 'official']

/** The desk's other pages, and whose they are. */
const links = [
  { to: 'overview', text: 'desk:overview', roles: staff },
  { to: 'questions', text: 'enquiry:desk.title', roles: staff, waits: 'enquiry' },
  { to: 'assisted', text: 'desk:assisted', roles: ['facilitator'] },
  { to: 'comments', text: 'comment:moderation.link', roles: staff, waits: 'reported' },
  { to: 'translations', text: 'desk:translations', roles: staff, waits: 'untranslated' },
  { to: 'contacts', text: 'desk:contacts.heading', roles: staff },
  { to: 'events', text: 'event:desk.link', roles: staff },
  { to: 'equality', text: 'equality:link', roles: staff },
  { to: 'sheet', text: 'expert:sheet.link', roles: ['expert'] }, // one a division
  { to: 'settings', text: 'desk:settings.heading', roles: ['official'] },
] as const

/** The way to the desk's other pages, as far as they are mine. */
export function DeskLinks({ round, divisions }: { round: string; divisions: Schemas['Division'][] }) {
  const { t } = useTranslation(['desk', 'comment', 'enquiry', 'event', 'equality', 'expert'])
  const local = useLocal()
  const session = useSession()
  const { number } = useFormat()
  const work = useQuery(workQuery(round)).data ?? []
  const waits = (kind?: Schemas['DeskWork']['kind']) => {
    const count = work.find((one) => one.kind === kind)?.count
    return count === undefined ? '' : ` (${number(count)})`
  }
  return (
    <nav aria-label={t('more')} className={styles.links}>
      {links
        .filter(({ roles }) => hasRole(session, ...roles))
        .flatMap(({ to, text, ...more }) =>
          to === 'sheet'
            ? (session?.divisions ?? []).map((id) => (
                <Link key={id} to={`/desk/${round}/sheet/${id}`}>
                  {t(text, { division: local(divisions.find((one) => one.id === id)?.name) })}
                </Link>
              ))
            : [
                <Link key={to} to={`/desk/${round}/${to}`}>
                  {t(text)}
                  {'waits' in more && waits(more.waits)}
                </Link>,
              ],
        )}
    </nav>
  )
}
