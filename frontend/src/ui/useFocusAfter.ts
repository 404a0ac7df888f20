import { useEffect, useRef, type RefObject } from 'react'

/**
 * Gives the focus to what the ref is put on whenever a value has changed, such as the state that a confirmed step led to: the button
 * that had the focus is gone then.
 */
export function useFocusAfter<E extends HTMLElement>(value: unknown): RefObject<E | null> {
  const ref = useRef<E>(null)
  const before = useRef(value)
  useEffect(() => {
    if (before.current !== value) ref.current?.focus()
    before.current = value
  }, [value])
  return ref
}
