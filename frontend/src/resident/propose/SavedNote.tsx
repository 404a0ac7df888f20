import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Icon } from '@/ui/hds'
import { useFormat } from '@/lib/format'
import type { Saving } from './useSaving'
import { classes } from '@/lib/classes'
import styles from '@/shared/propose/propose.module.css'

/**
 * Where the text is safe just now. What was last said of it stays while the next save is under way, so that a screen reader
 * hears of it once a minute at most: the time has no seconds.
 */
export function SavedNote({ saving, signedIn, isDraft }: { saving: Saving; signedIn: boolean; isDraft: boolean }) {
  const { t } = useTranslation('propose')
  const { dateTime } = useFormat()
  const [last, setLast] = useState<Saving>()
  const settled = saving.kind === 'saved' || saving.kind === 'failed'
  if (settled && last !== saving) setLast(saving)
  const shown = !settled && signedIn && isDraft && last ? last : saving
  const text = () => {
    switch (shown.kind) {
      case 'idle':
        return signedIn ? t(isDraft ? 'saving.itself' : 'saving.public') : t('saving.here_only')
      case 'saving':
        return t('saving.now')
      case 'saved':
        return t('saving.saved', { time: dateTime(shown.at) })
      case 'here':
        return signedIn && isDraft ? t('saving.now') : signedIn ? t('saving.public') : t('saving.here_only')
      case 'failed':
        return t('saving.failed')
    }
  }
  return (
    <p className={classes(styles.savedNote, 'muted')} role="status">
      <Icon name={shown.kind === 'failed' ? 'alert-circle-fill' : shown.kind === 'saved' ? 'check' : 'info-circle'} />
      <span>{text()}</span>
    </p>
  )
}
