import { useTranslation } from 'react-i18next'
import { Icon } from '@/hds'
import { useFormat } from '@/lib/format'
import type { Saving } from './useSaving'

/** Where the text is safe just now. */
export function SavedNote({ saving, signedIn, isDraft }: { saving: Saving; signedIn: boolean; isDraft: boolean }) {
  const { t } = useTranslation('propose')
  const { dateTime } = useFormat()
  const text = () => {
    switch (saving.kind) {
      case 'idle':
        return signedIn ? t(isDraft ? 'saving.itself' : 'saving.public') : t('saving.here_only')
      case 'saving':
        return t('saving.now')
      case 'saved':
        return t('saving.saved', { time: dateTime(saving.at) })
      case 'here':
        return signedIn && isDraft ? t('saving.now') : signedIn ? t('saving.public') : t('saving.here_only')
      case 'failed':
        return t('saving.failed')
    }
  }
  return (
    <p className="saved-note muted">
      <Icon name={saving.kind === 'failed' ? 'alert-circle-fill' : saving.kind === 'saved' ? 'check' : 'info-circle'} />
      <span>{text()}</span>
    </p>
  )
}
