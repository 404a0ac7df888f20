import { useEffect, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, Checkbox, Dialog } from '@/ui/hds'
import css from './case.module.css'

/** The keys of a case, in the order in which they are explained. */
const keys = ['n', 'p', 'l', 't', 'a', 'r', 'q', 'f', 'm', 'c', 'o'] as const

const slot = 'osbu.keys'

function isOff(): boolean {
  try {
    return localStorage.getItem(slot) === 'off'
  } catch {
    return false
  }
}

/**
 * One key each for what a case can be done with: whatever says so by aria-keyshortcuts is pressed. None while somebody
 * writes, or while a dialog asks; they can be turned off, for those who dictate (WCAG 2.1.4).
 */
export function KeysHelp() {
  const { t } = useTranslation('desk')
  const [open, setOpen] = useState(false)
  const [off, setOff] = useState(isOff)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { target, key } = event
      if (!(target instanceof HTMLElement) || document.querySelector('dialog[open]')) return
      if (key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        target.closest('form')?.requestSubmit()
        return
      }
      if (off || event.ctrlKey || event.altKey || event.metaKey) return
      if (target.matches('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]')) return
      if (key === '?') {
        setOpen(true)
        return
      }
      const found = keys.find((one) => one === key)
      const act = found && document.querySelector<HTMLElement>(`main [aria-keyshortcuts="${found}"]`)
      if (act) {
        event.preventDefault()
        act.click()
      }
    }
    document.addEventListener('keydown', onKey)
    return () => {
      document.removeEventListener('keydown', onKey)
    }
  }, [off])
  const close = () => {
    setOpen(false)
  }
  return (
    <>
      <button
        type="button"
        className={css.help}
        aria-keyshortcuts="?"
        onClick={() => {
          setOpen(true)
        }}
      >
        {t('case_keys.button')}
      </button>
      <Dialog
        open={open}
        title={t('case_keys.title')}
        onClose={close}
        actions={
          <Button variant="secondary" onClick={close}>
            {t('case_keys.close')}
          </Button>
        }
      >
        <dl className={css.keys}>
          {keys.map((key) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{t(`case_keys.${key}`)}</dd>
            </div>
          ))}
          <div>
            <dt>
              <kbd>Ctrl</kbd> + <kbd>Enter</kbd>
            </dt>
            <dd>{t('case_keys.send')}</dd>
          </div>
        </dl>
        <Checkbox
          label={t('case_keys.on')}
          checked={!off}
          onChange={({ target: { checked } }) => {
            setOff(!checked)
            try {
              localStorage.setItem(slot, checked ? 'on' : 'off')
            } catch {
              // Blocked storage: it holds for this page.
            }
          }}
        />
      </Dialog>
    </>
  )
}
