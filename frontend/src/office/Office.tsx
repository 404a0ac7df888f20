import { useTranslation } from 'react-i18next'
import { Page } from '@/shell/Page'

export default function Office() {
  const { t } = useTranslation()
  return <Page title={t('site')}>{null}</Page>
}
