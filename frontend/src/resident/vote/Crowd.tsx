import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { numbersQuery } from '@/data/round'
import { useFormat } from '@/lib/format'

/** When a ballot that waits can be in the log, and among how many it hides until then. Asked anew each minute: moments pass. */
export function Crowd({ round }: { round: string }) {
  const { t } = useTranslation('vote')
  const { dateTime, number } = useFormat()
  const release = useQuery({ ...numbersQuery(round), refetchInterval: 60_000 }).data?.release
  if (!release) return null
  const { at, least } = release
  if (!at) return <p>{t('receipt.crowd.close')}</p>
  return (
    <p>
      {t('receipt.crowd.next', { at: dateTime(at) })}{' '}
      {least > 1 ? t('receipt.crowd.half', { least: number(least) }) : t('receipt.crowd.all')}
    </p>
  )
}
