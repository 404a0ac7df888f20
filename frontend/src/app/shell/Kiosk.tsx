import { lazy, Suspense, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Navigate, Route, Routes, useLocation } from '@/lib/router'
import { useLang } from '@/lib/format'
import { Enrol } from '@/resident/kiosk/Enrol'
import { Start } from '@/resident/kiosk/Start'
import { Watch } from '@/resident/kiosk/Watch'
import { useIdentity } from '@/resident/vote/identity'
import { Broken } from '@/ui/Broken'
import { Loading } from '@/ui/Loading'
import { Announcer } from './Announcer'
import { Languages } from './Languages'
import { classes } from '@/lib/classes'
import styles from './shell.module.css'

const Vote = lazy(() => import('@/resident/vote/Vote'))

/**
 * All that a browser shows that is a kiosk of a voting place: the vote and no way out of it. Without a code, which lives in
 * the page's memory alone, every address is the start page: after Back, a reload or a power cut, too.
 */
export default function Kiosk({ round }: { round?: string }) {
  return round === undefined ? <Enrol /> : <OfRound round={round} />
}

function OfRound({ round }: { round: string }) {
  const { t } = useTranslation(['kiosk', 'shell'])
  const lang = useLang()
  const { pathname } = useLocation()
  const code = useIdentity(round)?.by === 'code'
  // The vote forgets the code once the ballot is in the box; the voter is still there, and sees her receipt.
  const [here, setHere] = useState(false)
  if (code && !here) setHere(true)
  const start = `/${lang}/rounds/${round}/kiosk`
  // Nobody signs in here, or votes by a code of her own: the officer's is known.
  const known = `/${lang}/rounds/${round}/vote/${code ? 'review' : 'receipt'}`
  return (
    <>
      <header className={styles.header}>
        <div className={classes('hds-container', styles.top)}>
          <p className={styles.home}>{t('kiosk:title')}</p>
          <Languages />
        </div>
      </header>
      {here && <Watch round={round} />}
      <main id="main" tabIndex={-1}>
        <Broken page={pathname}>
          <Suspense fallback={<Loading />}>
            <Routes>
              {here && <Route path="/:lang/rounds/:round/vote/identify" element={<Navigate to={known} replace />} />}
              {here && <Route path="/:lang/rounds/:round/vote/recover" element={<Navigate to={known} replace />} />}
              {here && <Route path="/:lang/rounds/:round/vote/*" element={<Vote />} />}
              {!here && <Route path="/:lang/rounds/:round/kiosk" element={<Start round={round} />} />}
              <Route path="*" element={<Navigate to={here ? `/${lang}/rounds/${round}/vote` : start} replace />} />
            </Routes>
          </Suspense>
        </Broken>
      </main>
      <Announcer />
    </>
  )
}
