import { useTranslation } from '@/lib/i18n'

/** Something is on its way. */
export function Spinner() {
  const { t } = useTranslation()
  return (
    <div className="waiting" role="status">
      <div className="hds-loading-spinner" aria-hidden="true">
        <div />
        <div />
        <div />
      </div>
      <span>{t('loading')}</span>
    </div>
  )
}
