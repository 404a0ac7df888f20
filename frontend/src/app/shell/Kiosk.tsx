import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, Route, Routes, useLocation } from 'react-router'
import { useLang } from '@/lib/format'
import { Start } from '@/resident/kiosk/Start'
import { Watch } from '@/resident/kiosk/Watch'
import { useIdentity } from '@/resident/vote/identity'
import { Broken } from '@/ui/Broken'
import { Loading } from '@/ui/Loading'
import { Announcer } from './Announcer'
import { Languages } from './Languages'
import './shell.css'

const Vote = lazy(() => import('@/resident/vote/Vote'))

/**
 * All that a browser shows that is a kiosk of a voting place: the vote and no way out of it. Without a code, which lives in
 * the page's memory alone, every address is the start page: after Back, a reload or a power cut, too.
 */
export default function Kiosk({ round }: { round: string }) {
  const { t } = useTranslation(['kiosk', 'shell'])
  const lang = useLang()
  const { pathname } = useLocation()
  const code = useIdentity(round)?.by === 'code'
  const start = `/${lang}/rounds/${round}/kiosk`
  return (
    <>
      <header className="header">
        <div className="hds-container header-top">
          <p className="header-home">{t('kiosk:title')}</p>
          <Languages />
        </div>
      </header>
      {code && <Watch round={round} />}
      <main id="main" tabIndex={-1}>
        <Broken page={pathname}>
          <Suspense fallback={<Loading />}>
            <Routes>
              {code && <Route path="/:lang/rounds/:round/vote/*" element={<Vote />} />}
              {!code && <Route path="/:lang/rounds/:round/kiosk" element={<Start round={round} />} />}
              <Route path="*" element={<Navigate to={code ? `/${lang}/rounds/${round}/vote` : start} replace />} />
            </Routes>
          </Suspense>
        </Broken>
      </main>
      <Announcer />
    </>
  )
}
