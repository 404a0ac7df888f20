import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import Contact from '@/ui/contact/ContactLines'
import { Koros } from '@/ui/hds'
import { useLang } from '@/lib/format'
import { Logo } from './Logo'
import { classes } from '@/lib/classes'
import styles from './footer.module.css'

/** What every page ends with: the promise, and the pages that the law and honesty ask for. */
export default function Footer({ leaves = false, look }: { leaves?: boolean; look?: string }) {
  const { t } = useTranslation('footer')
  const lang = useLang()
  const pages = [
    ['about/how', t('how')],
    ['check', t('check')],
    ['about/limits', t('limits')],
    ['about/accessibility', t('accessibility')],
    ['about/privacy', t('privacy')],
    ['data', t('data')],
  ] as const
  return (
    <footer className={classes(styles.footer, look)}>
      <Koros />
      <div className={styles.ground}>
        <div className={classes('hds-container', styles.body)}>
          <div>
            <Logo />
            <p>{t('motto')}</p>
            <Contact />
          </div>
          <nav aria-label={t('nav')}>
            <ul>
              {pages.map(([page, text]) => (
                <li key={page}>
                  {leaves ? <a href={`/${lang}/${page}`}>{text}</a> : <Link to={`/${lang}/${page}`}>{text}</Link>}
                </li>
              ))}
            </ul>
          </nav>
        </div>
      </div>
    </footer>
  )
}
