import { useLocation } from '@/lib/router'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { pageAt } from './pages'
import css from './handbook.module.css'

/** What the page is for, in place: the handbook's words. */
export default function Help() {
  const { t } = useTranslation('handbook')
  const page = pageAt(useLocation().pathname)
  if (!page) return null
  return (
    <aside className={css.help} aria-label={t('what')}>
      <details key={page}>
        <summary>{t('what')}</summary>
        <p>{t(`pages.${page}.text`)}</p>
        <p>
          <Link to={`/desk/handbook#${page}`}>{t('all')}</Link>
        </p>
      </details>
    </aside>
  )
}
