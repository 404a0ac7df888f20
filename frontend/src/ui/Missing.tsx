import { useTranslation } from '@/lib/i18n'
import { LinkButton } from './hds'
import { useLang } from '@/lib/format'
import { Title } from './Title'

/** 404. */
export function Missing() {
  const { t } = useTranslation()
  return (
    <div className="hds-container page stack">
      <Title>{t('missing.title')}</Title>
      <p className="lead">{t('missing.text')}</p>
      <div className="actions">
        <LinkButton to={`/${useLang()}`}>{t('missing.home')}</LinkButton>
      </div>
    </div>
  )
}
