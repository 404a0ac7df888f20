import { lazy, Suspense } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Route, Routes } from '@/lib/router'
import { useLang } from '@/lib/format'
import { hasRole, useSession } from '@/lib/session'
import { Layout } from './Layout'
import { Missing } from '@/ui/Missing'
import styles from './staff.module.css'

const Desk = lazy(() => import('@/desk/Desk'))
const Office = lazy(() => import('@/office/Office'))
const Handbook = lazy(() => import('../handbook/Handbook'))
const Help = lazy(() => import('../handbook/Help'))
const HelpDesk = lazy(() => import('@/helpdesk/HelpDesk'))
const Polling = lazy(() => import('@/polling/Polling'))

/** The staff's pages. Their addresses have no language: it is the one chosen last. */
export function Staff() {
  const { t } = useTranslation()
  const lang = useLang()
  const session = useSession()
  const desk = hasRole(session, 'facilitator', 'expert', 'official')
  const items = [
    ...(desk ? [{ to: '/desk', text: t('nav.desk') }] : []),
    ...(hasRole(session, 'officer', 'official') ? [{ to: '/polling', text: t('nav.polling') }] : []),
    ...(hasRole(session, 'help_desk') ? [{ to: '/help-desk', text: t('nav.help_desk') }] : []),
    ...(hasRole(session, 'official') ? [{ to: '/office', text: t('nav.office') }] : []),
    { to: `/${lang}`, text: t('nav.residents'), leaves: true },
  ]
  const home =
    !desk && hasRole(session, 'officer') ? '/polling' : !desk && hasRole(session, 'help_desk') ? '/help-desk' : '/desk'
  return (
    <Layout home={home} items={items} staff={styles}>
      <Routes>
        <Route path="/desk/handbook" element={<Handbook />} />
        <Route path="/desk/*" element={<Desk />} />
        <Route path="/office/*" element={<Office />} />
        <Route path="/polling/*" element={<Polling />} />
        <Route path="/help-desk" element={<HelpDesk />} />
        <Route path="*" element={<Missing />} />
      </Routes>
      {(desk || hasRole(session, 'officer', 'help_desk')) && (
        <Suspense>
          <Help />
        </Suspense>
      )}
    </Layout>
  )
}
