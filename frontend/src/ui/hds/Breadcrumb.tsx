import { Link } from '@/lib/router'
import { useTranslation } from '@/lib/i18n'
import { Icon } from './Icon'
import styles from './breadcrumb.module.css'

export interface Crumb {
  to: string
  text: string
}

/** The way back: every page above this one on a wide screen, only the nearest on a phone. Lang is that of here. */
export function Breadcrumb({ above, here, lang }: { above: Crumb[]; here: string; lang?: string }) {
  const { t } = useTranslation()
  const nearest = above.at(-1)
  return (
    <nav className={styles.crumbs} aria-label={t('breadcrumb')}>
      {nearest && (
        <Link className={styles.back} to={nearest.to}>
          <Icon name="angle-left" />
          {nearest.text}
        </Link>
      )}
      <ol className={styles.all}>
        {above.map(({ to, text }) => (
          <li key={to}>
            <Link to={to}>{text}</Link>
            <Icon name="angle-right" size="xs" />
          </li>
        ))}
        <li aria-current="page" lang={lang}>
          {here}
        </li>
      </ol>
    </nav>
  )
}
