import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useLocation } from '@/lib/router'
import { useLang } from '@/lib/format'
import { wipe } from '@/lib/kiosk'
import { Button, Dialog } from '@/ui/hds'
import styles from './kiosk.module.css'

/** Seconds without a touch or a key, until a voter is asked whether she is still there; and how long she has to say so. */
const idle = { voting: 300, done: 30 }
const patience = 30

/** What a voter at a kiosk has beside the vote: larger text, the page read aloud, the end; and who leaves is forgotten. */
export function Watch({ round }: { round: string }) {
  const { t } = useTranslation('kiosk')
  const lang = useLang()
  const { pathname } = useLocation()
  const done = pathname.endsWith('/vote/receipt')
  const [warned, setWarned] = useState(false)
  const [left, setLeft] = useState(patience)
  const [large, setLarge] = useState(false)
  const [speaks, setSpeaks] = useState(false)
  const last = useRef(0)

  const end = () => {
    window.speechSynthesis?.cancel()
    wipe()
    location.replace(`/${lang}/rounds/${round}/kiosk`)
  }
  const stay = () => {
    last.current = performance.now()
    setWarned(false)
    setLeft(patience)
  }
  const tick = useEffectEvent(() => {
    const quiet = (performance.now() - last.current) / 1000 - (done ? idle.done : idle.voting)
    if (quiet < 0) return
    if (quiet >= patience) end()
    else {
      setWarned(true)
      setLeft(Math.ceil((patience - quiet) / 10) * 10)
    }
  })
  const touch = useEffectEvent(() => {
    if (!warned) last.current = performance.now()
  })
  useEffect(() => {
    last.current = performance.now()
    const timer = setInterval(() => {
      tick()
    }, 1000)
    const events = ['keydown', 'pointerdown', 'scroll', 'input']
    const on = () => {
      touch()
    }
    for (const one of events) window.addEventListener(one, on, { capture: true, passive: true })
    return () => {
      clearInterval(timer)
      for (const one of events) window.removeEventListener(one, on, { capture: true })
    }
  }, [])
  useEffect(() => {
    document.documentElement.toggleAttribute('data-large', large)
    return () => {
      document.documentElement.removeAttribute('data-large')
    }
  }, [large])

  const read = () => {
    window.speechSynthesis.cancel()
    if (speaks) {
      setSpeaks(false)
      return
    }
    const words = new SpeechSynthesisUtterance(document.getElementById('main')?.innerText ?? '')
    words.lang = lang
    words.onend = () => {
      setSpeaks(false)
    }
    setSpeaks(true)
    window.speechSynthesis.speak(words)
  }
  return (
    <section className={`hds-container ${styles.bar ?? ''}`} aria-label={t('bar.label')}>
      <Button
        small
        variant="secondary"
        aria-pressed={large}
        onClick={() => {
          setLarge(!large)
        }}
      >
        {t('bar.large')}
      </Button>
      {'speechSynthesis' in window && (
        <Button small variant="secondary" onClick={read}>
          {t(speaks ? 'bar.quiet' : 'bar.read')}
        </Button>
      )}
      <Button small variant={done ? 'primary' : 'secondary'} onClick={end}>
        {t(done ? 'bar.done' : 'bar.end')}
      </Button>
      <Dialog
        open={warned}
        title={t('idle.title')}
        onClose={stay}
        actions={
          <>
            <Button onClick={stay}>{t('idle.stay')}</Button>
            <Button variant="secondary" onClick={end}>
              {t(done ? 'bar.done' : 'bar.end')}
            </Button>
          </>
        }
      >
        <p role="status">{t(done ? 'idle.done' : 'idle.text', { count: left })}</p>
      </Dialog>
    </section>
  )
}
