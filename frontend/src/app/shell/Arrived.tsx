import { useTranslation } from '@/lib/i18n'
import { useSearchParams } from 'react-router'
import { Notification } from '@/ui/hds'
import { isCode } from '@/ui/problem/isCode'

/** What went wrong on the way here: a failed sign-in comes back with ?problem=<code>. */
export default function Arrived() {
  const { t } = useTranslation('problem')
  const [params] = useSearchParams()
  const code = params.get('problem')
  if (!isCode(code)) return null
  return (
    <div className="hds-container arrived">
      <Notification kind="error" label={t('heading')} live>
        <p>{t(`code.${code}`)}</p>
      </Notification>
    </div>
  )
}
