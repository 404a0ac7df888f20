import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { useLang } from '@/lib/format'
import type { Tied } from '@/data/merge'
import styles from './merge.module.css'

/** Proposals as links with their authors; `to` leads to the pages of residents or of the desk. */
export function TiedList({ proposals, to }: { proposals: Tied[]; to: string }) {
  const { t } = useTranslation('merge')
  const lang = useLang()
  return (
    <ul className={styles.tied}>
      {proposals.map(({ proposal, title, language, authors }) => (
        <li key={proposal}>
          <Link to={`${to}/${String(proposal)}`} lang={language === lang ? undefined : language}>
            <bdi>{title}</bdi>
          </Link>
          {authors.length > 0 && (
            <span className="muted">
              {t(authors.length > 1 ? 'ties.by_several' : 'ties.by', { names: authors.join(', ') })}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}
