import { useTranslation } from 'react-i18next'
import { Notification } from '@/ui/hds'
import type { Reason } from './stopped'

const told = ['unkept', 'insecure', 'unproven', 'unwitnessed', 'another_manifest', 'another_log'] as const

/** What does not hold, and what to do: for reasons that are nobody's own. */
export function StoppedNote({ reason }: { reason: Reason }) {
  const { t } = useTranslation('vote')
  const why = told.find((one) => one === reason) ?? 'distrusted'
  return (
    <Notification kind="error" label={t(`halt.${why}.heading`)} live>
      <p>{t(`halt.${why}.text`)}</p>
      <p>{t(`halt.${why}.do`)}</p>
    </Notification>
  )
}
