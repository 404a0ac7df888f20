import { useEffect, useRef, useState } from 'react'
import { loadTexts, useTranslation } from '@/lib/i18n'
import { useLocation } from '@/lib/router'
import { lookAhead } from './ahead'
import css from './progress.module.css'

/** After so many milliseconds a press seems to have been missed. */
const patience = 300

/**
 * Loads pages before they are opened, and says that one is on its way if it takes longer than a moment. Until it is there the old one stands, and so does its location in React, while
 * the browser has the new address already.
 */
export default function Progress() {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const shown = useRef(pathname)
  const [waiting, setWaiting] = useState<string>()
  useEffect(() => {
    shown.current = pathname
  }, [pathname])
  useEffect(lookAhead, [])
  // Words for what may go wrong: once the line is down they would not come.
  useEffect(() => {
    loadTexts('problem').catch(() => undefined)
  }, [])
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const wait = () => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        if (location.pathname !== shown.current) setWaiting(location.pathname)
      }, patience)
    }
    addEventListener('click', wait)
    addEventListener('popstate', wait)
    return () => {
      clearTimeout(timer)
      removeEventListener('click', wait)
      removeEventListener('popstate', wait)
    }
  }, [])
  const late = waiting !== undefined && waiting !== pathname
  return (
    <div role="status">
      {late && (
        <div className={css.progress}>
          <span className="visually-hidden">{t('loading')}</span>
        </div>
      )}
    </div>
  )
}
