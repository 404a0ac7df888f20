import type { ReactNode } from 'react'
import { Button } from './Button'
import { Dialog } from './Dialog'

/**
 * Asks whether what somebody chose is meant, before it is done: `action` does it, `keep` and closing leave everything as it is. What cannot be undone
 * is a danger, unless `gentle` says that it is none.
 */
export function Confirm({
  open,
  title,
  action,
  keep,
  busy,
  gentle,
  onConfirm,
  onClose,
  children,
}: {
  open: boolean
  title: ReactNode
  action: ReactNode
  keep: ReactNode
  busy: boolean
  gentle?: boolean
  onConfirm: () => void
  onClose: () => void
  children: ReactNode
}) {
  return (
    <Dialog
      open={open}
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button variant={gentle ? 'primary' : 'danger'} busy={busy} onClick={onConfirm}>
            {action}
          </Button>
          <Button variant="secondary" onClick={onClose}>
            {keep}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  )
}
