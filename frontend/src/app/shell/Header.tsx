import { useEffect, useRef, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link, NavLink, useLocation } from 'react-router'
import { Icon } from '@/ui/hds'
import { useLang } from '@/lib/format'
import { hasRole, signInHref, signOut, useSession } from '@/lib/session'
import { useService } from '@/ui/useService'
import { Languages } from './Languages'
import { Logo } from './Logo'

export interface MenuItem {
  to: string
  text: string
  /** Only the address itself counts as current, not what lies under it. */
  end?: boolean
  /** Leads to the other half of the site, which is another page for the browser. */
  leaves?: boolean
}

/** Name, menu, language, signing in and out. */
export function Header({ home, items, staff }: { home: string; items: MenuItem[]; staff: boolean }) {
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
    <header className={staff ? 'header header--staff' : 'header'}>
      <div className="hds-container header-top">
        <Link to={home} className="header-home" aria-label={t('home', { service: useService() })}>
          <Logo />
        </Link>
        <Languages />
        <button
          ref={button}
          type="button"
          className="header-menu"
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
      <div id="menu" className={`header-panel${open ? ' open' : ''}`}>
        <div className="hds-container header-bar">
          <nav aria-label={t('main_nav')}>
            <ul className="header-nav">
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
  const among = /^\/(desk|office|polling)\b/.test(here.pathname) // there the menu leads to both
  if (!session) return <div className="header-person" />
  if (!session.signed_in)
    return (
      <div className="header-person">
        <a className="header-sign" href={signInHref(here.pathname + here.search, lang)}>
          <Icon name="signin" />
          {t('sign_in')}
        </a>
      </div>
    )
  return (
    <div className="header-person">
      {hasRole(session, 'facilitator', 'expert', 'official') && !among && <a href="/desk">{t('nav.desk')}</a>}
      {hasRole(session, 'officer') && !among && <a href="/polling">{t('nav.polling')}</a>}
      {hasRole(session, 'official') && !among && <a href="/office">{t('nav.office')}</a>}
      <span className="header-name">
        <Icon name="user" />
        <span>
          <span className="visually-hidden">{t('signed_in_as', { name: '' })}</span>
          {session.name}
        </span>
      </span>
      {among && <a href={`/${lang}/account`}>{t('nav.account')}</a>}
      <button type="button" className="header-sign" onClick={() => void signOut()}>
        <Icon name="signout" />
        {t('sign_out')}
      </button>
    </div>
  )
}
