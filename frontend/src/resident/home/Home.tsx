import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from '@/lib/i18n'
import hero from '@/shared/picture/hero.svg?url'
import { Ask } from '@/ui/Ask'
import { roundsQuery } from '@/data/round'
import { Title } from '@/ui/Title'
import { Acts } from './Acts'
import style from './home.module.css'

// Below what is in sight at first.
const Below = lazy(() => import('./Below'))

/** The front page: what one can do now; below it when, where, with whom, and how it went last time. */
export default function Home() {
  const { t } = useTranslation('home')
  const query = useQuery(roundsQuery)
  return (
    <>
      <div className={style.hero}>
        <div className={`hds-container ${style.body ?? ''}`}>
          <div className={style.words}>
            <Title window={t('window')}>{t('title')}</Title>
            <p className="lead">{t('lead')}</p>
          </div>
          <img className={style.street} src={hero} width="600" height="424" alt="" fetchPriority="high" />
        </div>
        <div className={style.edge} />
      </div>
      <div className={`hds-container stack-l ${style.page ?? ''}`}>
        <Ask query={query}>
          {(rounds) => (
            <>
              <Acts rounds={rounds} />
              <Suspense fallback={<div className="waiting" />}>
                <Below rounds={rounds} />
              </Suspense>
            </>
          )}
        </Ask>
      </div>
    </>
  )
}
