import { useEffect, useId, useLayoutEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Icon } from './Icon'
import styles from './dialog.module.css'

/**
 * A question that must be answered first. The browser's own <dialog> traps the focus,
 * closes on Escape and gives the focus back.
 */
export function Dialog({
  open,
  title,
  onClose,
  actions,
  children,
}: {
  open: boolean
  title: ReactNode
  onClose: () => void
  actions: ReactNode
  children: ReactNode
}) {
  const { t } = useTranslation()
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const dialog = ref.current
    if (!dialog) return
    if (open && !dialog.open) dialog.showModal()
    if (!open && dialog.open) dialog.close()
  }, [open])
  // Removed while it is open it would take the focus with it: it is closed first.
  useLayoutEffect(() => {
    const dialog = ref.current
    return () => {
      dialog?.close()
    }
  }, [])
  return (
    <dialog ref={ref} className={styles.dialog} aria-labelledby={id} onClose={onClose}>
      {open && (
        <div className={styles.body}>
          <div className={styles.head}>
            <h2 id={id}>{title}</h2>
            <button type="button" className={styles.close} aria-label={t('close')} onClick={onClose}>
              <Icon name="cross" />
            </button>
          </div>
          <div>{children}</div>
          <div className="actions">{actions}</div>
        </div>
      )}
    </dialog>
  )
}
