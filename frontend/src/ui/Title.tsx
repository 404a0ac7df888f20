import { useEffect, useRef, type ReactNode } from 'react'
import { useLocation } from '@/lib/router'
import { pageOf } from '@/lib/lang'
import { useService } from './useService'

/** The page that had the focus last, without its language; undefined until the first page is shown. */
let shown: string | undefined

/**
 * The page's heading. Names the window after it and, when one came here by a link, takes the focus, so
 * that a screen reader reads the new page. A change of language alone leaves the focus where it is.
 */
export function Title({ children, window: name, lang }: { children: ReactNode; window?: string; lang?: string }) {
  const { pathname } = useLocation()
  const ref = useRef<HTMLHeadingElement>(null)
  const page = pageOf(pathname)
  const service = useService()
  const text = name ?? (typeof children === 'string' ? children : '')

  useEffect(() => {
    document.title = text ? `${text} – ${service}` : service
  }, [text, service])

  useEffect(() => {
    if (shown !== undefined && shown !== page) {
      window.scrollTo(0, 0)
      ref.current?.focus({ preventScroll: true })
    }
    shown = page
  }, [page])

  return (
    <h1 ref={ref} tabIndex={-1} lang={lang} dir="auto">
      {children}
    </h1>
  )
}
