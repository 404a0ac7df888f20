import type { ReactNode } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useLocation } from '@/lib/router'
import { AnchorButton, Notification } from '@/ui/hds'
import { useLang } from '@/lib/format'
import { signInHref } from '@/lib/session'
import { classes } from '@/lib/classes'
import styles from '@/shared/proposal/proposal.module.css'

/** Asks to sign in and says why; one comes back to the same place. */
export function SignInFirst({ children }: { children: ReactNode }) {
  const { t } = useTranslation('propose')
  const lang = useLang()
  const here = useLocation()
  return (
    <Notification label={t('sign_in.title')}>
      <p>{children}</p>
      <div className={classes('actions', styles.ownActions)}>
        <AnchorButton href={signInHref(here.pathname + here.search, lang)} start="signin">
          {t('sign_in.action')}
        </AnchorButton>
      </div>
    </Notification>
  )
}
