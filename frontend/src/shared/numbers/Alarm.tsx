import { useTranslation } from '@/lib/i18n'
import { Notification } from '@/ui/hds'
import type { Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'

/** More ballots than anybody can have been entitled to: nobody may overlook that. */
export function Alarm({ papers }: { papers: Schemas['PaperNumbers'][] }) {
  const { t } = useTranslation('numbers')
  const { number } = useFormat()
  const beyond = papers.reduce((sum, { missing }) => sum + Math.max(0, -missing), 0)
  if (beyond === 0) return null
  return (
    <Notification kind="error" label={t('alarm.label')} live>
      <p>{t('alarm.text', { count: beyond, number: number(beyond) })}</p>
      <p>{t('alarm.do')}</p>
    </Notification>
  )
}
