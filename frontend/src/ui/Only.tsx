import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useLocation } from '@/lib/router'
import { AnchorButton, Notification } from './hds'
import { AskPage } from './AskPage'
import type { Schemas } from '@/lib/api'
import { useLang } from '@/lib/format'
import { hasRole, sessionQuery, signInHref } from '@/lib/session'
import { Page } from './Page'

/** A page for some roles. Anybody else is told so kindly; the server refuses on its own. */
export function Only({ roles, title, children }: { roles: Schemas['Role'][]; title: string; children: ReactNode }) {
  const { t } = useTranslation(['problem', 'shell'])
  const { pathname } = useLocation()
  const lang = useLang()
  return (
    <AskPage query={useQuery(sessionQuery)} title={title}>
      {(session) => {
        if (hasRole(session, ...roles)) return <>{children}</>
        return (
          <Page title={title}>
            <div className="stack">
              <Notification label={t(session.signed_in ? 'only.other.title' : 'only.sign_in.title')}>
                {t(session.signed_in ? 'only.other.text' : 'only.sign_in.text')}
              </Notification>
              <div className="actions">
                {session.signed_in ? (
                  <AnchorButton href={`/${lang}`} variant="secondary">
                    {t('shell:nav.residents')}
                  </AnchorButton>
                ) : (
                  <AnchorButton href={signInHref(pathname, lang)}>{t('shell:sign_in')}</AnchorButton>
                )}
              </div>
            </div>
          </Page>
        )
      }}
    </AskPage>
  )
}
