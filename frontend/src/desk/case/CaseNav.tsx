import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { KeysHelp } from './KeysHelp'
import css from './case.module.css'
import type { Trail } from './useTrail'

/** From case to case as the queue had them, and back to it. */
export function CaseNav({ trail: { list, at, count, previous, next } }: { trail: Trail }) {
  const { t } = useTranslation('desk')
  return (
    <nav className={css.nav} aria-label={t('nav.label')}>
      <Link to={list} aria-keyshortcuts="l">
        {t('nav.list')}
      </Link>
      {previous && (
        <Link to={previous.to} aria-keyshortcuts="p" rel="prev">
          {t('nav.previous', { number: previous.id })}
        </Link>
      )}
      {at >= 0 && <span>{t('nav.place', { place: at + 1, count })}</span>}
      {next && (
        <Link to={next.to} aria-keyshortcuts="n" rel="next">
          {t('nav.next', { number: next.id })}
        </Link>
      )}
      <KeysHelp />
    </nav>
  )
}
