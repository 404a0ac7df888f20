type Listener = (text: string) => void

let listener: Listener | undefined

/** Says something to a screen reader without moving the focus ("3 of 5 chosen", "saved"). */
export function announce(text: string): void {
  listener?.(text)
}

/** The shell's live region hears what is announced; returns how to stop. */
export function onAnnounce(hear: Listener): () => void {
  listener = hear
  return () => {
    if (listener === hear) listener = undefined
  }
}
