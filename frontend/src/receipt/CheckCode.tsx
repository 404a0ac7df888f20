import { useTranslation } from 'react-i18next'
import styles from './CheckCode.module.css'

/** The check code of a round's manifest, and what to do if another one stands elsewhere. */
export function CheckCode({ code }: { code: string }) {
  const { t } = useTranslation('check')
  return (
    <div className={styles.block}>
      <p>
        {t('code.heading')}: <strong className={styles.code}>{code}</strong>
      </p>
      <p className="muted no-print">{t('code.text')}</p>
    </div>
  )
}
