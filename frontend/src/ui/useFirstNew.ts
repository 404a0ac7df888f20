import { useEffect, useRef, type RefObject } from 'react'

/** Of a list that grows by "show more": a ref for the first link of its newest page, to which the focus goes when one is added. */
export function useFirstNew(pages: number): RefObject<HTMLAnchorElement | null> {
  const first = useRef<HTMLAnchorElement>(null)
  const shown = useRef(pages)
  useEffect(() => {
    if (shown.current > 0 && pages === shown.current + 1) first.current?.focus()
    shown.current = pages
  }, [pages])
  return first
}
