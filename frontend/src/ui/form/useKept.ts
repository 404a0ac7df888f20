import { useCallback, useEffect, useRef, useState, type RefObject } from 'react'
import { keep, kept } from '@/lib/kept'

/**
 * State that a reload, or a way through the sign-in, does not lose: kept in this tab until it is sent. Call done then;
 * a slot that is undefined keeps nothing.
 */
export function useKept<T>(slot: string | undefined, start: T) {
  const [value, setValue] = useState<T>(() => (slot === undefined ? undefined : kept(slot, start)) ?? start)
  const written = useRef(false)
  useEffect(() => {
    if (slot !== undefined && written.current) keep(slot, value)
  }, [slot, value])
  const set = useCallback((next: T | ((old: T) => T)) => {
    written.current = true
    setValue(next)
  }, [])
  const done = useCallback(() => {
    written.current = false
    if (slot !== undefined) keep(slot, undefined)
  }, [slot])
  return [value, set, done] as const
}

const focusSlot = 'focus'
const here = () => location.pathname + location.search

/** Gives the focus back to the field that had it when the page was reloaded. */
export function useKeptFocus(form: RefObject<HTMLFormElement | null>) {
  useEffect(() => {
    const [at, id] = kept(focusSlot, ['', '']) ?? []
    const field = id && at === here() ? document.getElementById(id) : null
    if (field && form.current?.contains(field)) {
      keep(focusSlot, undefined)
      field.focus()
    }
    const leave = () => {
      const field = document.activeElement
      if (field?.id && form.current?.contains(field)) keep(focusSlot, [here(), field.id])
    }
    window.addEventListener('pagehide', leave)
    return () => {
      window.removeEventListener('pagehide', leave)
    }
  }, [form])
}
