import { useTranslation } from '@/lib/i18n'
import { useSearchParams } from '@/lib/router'
import { Notification } from '@/ui/hds'
import { isCode } from '@/ui/problem/isCode'
import { classes } from '@/lib/classes'
import styles from './shell.module.css'

/** What went wrong on the way here: a failed sign-in comes back with ?problem=<code>. */
export default function Arrived() {
  const { t } = useTranslation('problem')
  const [params] = useSearchParams()
  const code = params.get('problem')
  if (!isCode(code)) return null
  return (
    <div className={classes('hds-container', styles.arrived)}>
      <Notification kind="error" label={t('heading')} live>
        <p>{t(`code.${code}`)}</p>
      </Notification>
    </div>
  )
}
