import { useEffect, useRef, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link, NavLink, useLocation } from '@/lib/router'
import { Icon } from '@/ui/hds'
import { useLang } from '@/lib/format'
import { hasRole, signInHref, signOut, useSession } from '@/lib/session'
import { useService } from '@/ui/useService'
import { Languages } from './Languages'
import { Logo } from './Logo'
import { classes } from '@/lib/classes'
import styles from './shell.module.css'

export interface MenuItem {
  to: string
  text: string
  /** Only the address itself counts as current, not what lies under it. */
  end?: boolean
  /** Leads to the other half of the site, which is another page for the browser. */
  leaves?: boolean
}

/** Name, menu, language, signing in and out. Look is a class more. */
export function Header({ home, items, look }: { home: string; items: MenuItem[]; look?: string }) {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  // Open on one page: going to another closes the menu.
  const [openAt, setOpenAt] = useState<string>()
  const open = openAt === pathname
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!open) return
    const close = ({ key }: KeyboardEvent) => {
      if (key !== 'Escape') return
      setOpenAt(undefined)
      button.current?.focus()
    }
    window.addEventListener('keydown', close)
    return () => {
      window.removeEventListener('keydown', close)
    }
  }, [open])

  return (
    <header className={classes(styles.header, look)}>
      <div className={classes('hds-container', styles.top)}>
        <Link to={home} className={styles.home} aria-label={t('home', { service: useService() })}>
          <Logo />
        </Link>
        <Languages />
        <button
          ref={button}
          type="button"
          className={styles.menu}
          aria-expanded={open}
          aria-controls="menu"
          onClick={() => {
            setOpenAt(open ? undefined : pathname)
          }}
        >
          <Icon name={open ? 'cross' : 'menu-hamburger'} />
          <span>{t('menu')}</span>
        </button>
      </div>
      <div id="menu" className={classes(styles.panel, open && styles.open)}>
        <div className={classes('hds-container', styles.bar)}>
          <nav aria-label={t('main_nav')}>
            <ul className={styles.nav}>
              {items.map(({ to, text, end, leaves }) => (
                <li key={to}>
                  {leaves ? (
                    <a href={to}>{text}</a>
                  ) : (
                    <NavLink to={to} end={end}>
                      {text}
                    </NavLink>
                  )}
                </li>
              ))}
            </ul>
          </nav>
          <SignIn />
        </div>
      </div>
    </header>
  )
}

function SignIn() {
  const { t } = useTranslation()
  const lang = useLang()
  const session = useSession()
  const here = useLocation()
  const among = /^\/(desk|office|polling|help-desk)\b/.test(here.pathname) // there the menu leads to both
  if (!session) return <div className={styles.person} />
  if (!session.signed_in)
    return (
      <div className={styles.person}>
        <a className={styles.sign} href={signInHref(here.pathname + here.search, lang)}>
          <Icon name="signin" />
          {t('sign_in')}
        </a>
      </div>
    )
  return (
    <div className={styles.person}>
      {hasRole(session, 'facilitator', 'expert', 'official') && !among && <a href="/desk">{t('nav.desk')}</a>}
      {hasRole(session, 'officer') && !among && <a href="/polling">{t('nav.polling')}</a>}
      {hasRole(session, 'help_desk') && !among && <a href="/help-desk">{t('nav.help_desk')}</a>}
      {hasRole(session, 'official') && !among && <a href="/office">{t('nav.office')}</a>}
      <span className={styles.name}>
        <Icon name="user" />
        <span>
          <span className="visually-hidden">{t('signed_in_as', { name: '' })}</span>
          {session.name}
        </span>
      </span>
      {among && <a href={`/${lang}/account`}>{t('nav.account')}</a>}
      <button type="button" className={styles.sign} onClick={() => void signOut()}>
        <Icon name="signout" />
        {t('sign_out')}
      </button>
    </div>
  )
}
