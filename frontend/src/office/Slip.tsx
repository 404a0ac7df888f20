import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { isFrozen, type Round } from '@/data/round'
import { manifestQuery } from '@/receipt/manifest'
import styles from './Slip.module.css'

/** The round's check code, as it stands on what is printed; undefined before the freeze, which makes it. */
export function useCheckCode(round: Round): string | undefined {
  return useQuery({ ...manifestQuery(round.id), enabled: isFrozen(round) }).data?.checkCode
}

/** A voting code as it is handed over: on paper the vote's check code stands below it. */
export function Slip({ code, check }: { code: string; check?: string }) {
  const { t } = useTranslation('check')
  return (
    <>
      <code>{code}</code>
      {check && (
        <span className={styles.check}>
          {t('code.heading')}: {check}
        </span>
      )}
    </>
  )
}
