import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { readWhole } from '@/lib/number'
import styles from './points.module.css'

/**
 * The points of one project: fewer, a number that one can type, more. At a limit the buttons keep their focus, and a press says why
 * nothing happens.
 */
export function Give({
  title,
  given,
  limited,
  described,
  onGive,
}: {
  title: string
  given: number
  /** As many as it can have. */
  limited: number
  described: string | undefined
  onGive: (wanted: number) => void
}) {
  const { t } = useTranslation('vote')
  const [typing, setTyping] = useState<string>()
  const take = () => {
    if (typing === undefined) return
    setTyping(undefined)
    const wanted = typing.trim() === '' ? 0 : readWhole(typing)
    if (wanted !== undefined && wanted !== given) onGive(wanted)
  }
  return (
    <div className={styles.give} role="group" aria-label={t('points.of', { title })}>
      <button
        type="button"
        aria-label={t('points.fewer', { title })}
        aria-disabled={given === 0}
        onClick={() => {
          if (given > 0) onGive(given - 1)
        }}
      >
        −
      </button>
      <input
        inputMode="numeric"
        autoComplete="off"
        maxLength={6}
        aria-label={t('points.of', { title })}
        aria-describedby={described}
        value={typing ?? String(given)}
        onFocus={(event) => {
          event.target.select()
        }}
        onChange={(event) => {
          setTyping(event.target.value)
        }}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take()
        }}
      />
      <button
        type="button"
        aria-label={t('points.more', { title })}
        aria-disabled={given >= limited}
        aria-describedby={described}
        onClick={() => {
          onGive(given + 1)
        }}
      >
        +
      </button>
    </div>
  )
}
