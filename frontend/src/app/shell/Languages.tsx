import { useTranslation } from '@/lib/i18n'
import { Link, useLocation } from '@/lib/router'
import { city } from '@/lib/city'
import { useLang } from '@/lib/format'
import { speak } from '@/lib/i18n'
import { langOfPath, withLang, type Lang } from '@/lib/lang'
import styles from './shell.module.css'

const names: Record<Lang, string> = { fi: 'Suomi', sv: 'Svenska', en: 'English' }

/** Switches the language of this very page and keeps everything on it: texts typed, basket, place. */
export function Languages() {
  const { t } = useTranslation()
  const here = useLocation()
  const current = useLang()
  const inAddress = langOfPath(here.pathname) !== undefined

  return (
    <nav className={styles.languages} aria-label={t('languages')}>
      <ul>
        {city().languages.map((lang) => {
          const face = (
            <>
              <span className={styles.languagesShort}>{lang.toUpperCase()}</span>
              <span className={styles.languagesName}>{names[lang]}</span>
            </>
          )
          const about = { lang, 'aria-current': lang === current ? ('true' as const) : undefined }
          return (
            <li key={lang}>
              {inAddress ? (
                <Link
                  {...about}
                  hrefLang={lang}
                  to={{ ...here, pathname: withLang(here.pathname, lang) }}
                  replace
                  state={here.state as unknown}
                >
                  {face}
                </Link>
              ) : (
                <button {...about} type="button" onClick={() => void speak(lang)}>
                  {face}
                </button>
              )}
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
