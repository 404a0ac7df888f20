import { lazy, Suspense, type ReactNode } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useLocation } from '@/lib/router'
import { Announcer } from './Announcer'
import { Broken } from '@/ui/Broken'
import { Loading } from '@/ui/Loading'
import { Header, type MenuItem } from './Header'

// Below what is in sight at first, and so not what the first page waits for.
const Footer = lazy(() => import('./Footer'))
const Progress = lazy(() => import('./Progress'))
const Arrived = lazy(() => import('./Arrived'))

/** The frame around every page; staff are the classes of the staff's, whose footer leads to the other half of the site. */
export function Layout({
  home,
  items,
  staff,
  children,
}: {
  home: string
  items: MenuItem[]
  staff?: { header?: string; footer?: string }
  children: ReactNode
}) {
  const { t } = useTranslation()
  const { pathname, search } = useLocation()
  return (
    <>
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault()
          document.getElementById('main')?.focus()
        }}
      >
        {t('skip')}
      </a>
      <Header home={home} items={items} look={staff?.header} />
      <main id="main" tabIndex={-1}>
        {search.includes('problem=') && (
          <Suspense>
            <Arrived />
          </Suspense>
        )}
        <Broken page={pathname}>
          <Suspense fallback={<Loading />}>{children}</Suspense>
        </Broken>
      </main>
      <Suspense>
        <Progress />
        <Footer leaves={staff !== undefined} look={staff?.footer} />
      </Suspense>
      <Announcer />
    </>
  )
}
