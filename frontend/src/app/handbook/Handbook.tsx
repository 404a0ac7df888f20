import { useEffect } from 'react'
import { useLocation } from '@/lib/router'
import { useTranslation } from '@/lib/i18n'
import { Only } from '@/ui/Only'
import { Page } from '@/ui/Page'
import { chapters, pages } from './pages'
import css from './handbook.module.css'

/** What each of the staff's pages is for, chapter by chapter. */
export default function Handbook() {
  const { t } = useTranslation('handbook')
  return (
    <Only roles={['facilitator', 'expert', 'official', 'officer', 'help_desk']} title={t('title')}>
      <Chapters />
    </Only>
  )
}

function Chapters() {
  const { t } = useTranslation('handbook')
  const { hash } = useLocation()
  useEffect(() => {
    const at = document.getElementById(hash.slice(1))
    at?.scrollIntoView()
    at?.focus()
  }, [hash])
  const of = (chapter: string) => pages.filter((page) => page.chapter === chapter)
  return (
    <Page title={t('title')} lead={t('lead')}>
      <div className={css.book}>
        <nav aria-label={t('contents')}>
          <ul className="plain">
            {chapters.map((chapter) => (
              <li key={chapter}>
                <a href={`#chapter-${chapter}`}>{t(`chapters.${chapter}`)}</a>
                <ul>
                  {of(chapter).map(({ key }) => (
                    <li key={key}>
                      <a href={`#${key}`}>{t(`pages.${key}.title`)}</a>
                    </li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        </nav>
        <div className="stack-l">
          {chapters.map((chapter) => (
            <section key={chapter} className="stack">
              <h2 id={`chapter-${chapter}`} tabIndex={-1}>
                {t(`chapters.${chapter}`)}
              </h2>
              {of(chapter).map(({ key }) => (
                <section key={key} className={css.page}>
                  <h3 id={key} tabIndex={-1}>
                    {t(`pages.${key}.title`)}
                  </h3>
                  <p>{t(`pages.${key}.text`)}</p>
                </section>
              ))}
            </section>
          ))}
        </div>
      </div>
    </Page>
  )
}
