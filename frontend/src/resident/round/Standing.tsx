import { useTranslation } from '@/lib/i18n'
import { StatusLabel } from '@/ui/hds'
import { useFormat } from '@/lib/format'
import { stageOf, type Round } from '@/data/round'

/** The phase as a label. */
export function PhaseLabel({ round }: { round: Round }) {
  const { t } = useTranslation('round')
  const { key } = stageOf(round)
  const kind = key === 'voting' || key === 'proposing' ? 'success' : key === 'results' ? 'info' : undefined
  return <StatusLabel kind={kind}>{t(`label.${key}`)}</StatusLabel>
}

/** What is going on in the round, in one sentence. */
export function Standing({ round }: { round: Round }) {
  const { t } = useTranslation('round')
  const { dateTime, closing } = useFormat()
  const { key, time } = stageOf(round)
  // Whoever opens a phase by hand may do so after its hour: that hour is not to come.
  const late = key === 'draft' || key === 'vetting' || key === 'voting_soon' ? key : undefined
  if (late && time && Date.parse(time) <= Date.parse(round.now))
    return <>{t(`late.${late}`, { time: dateTime(time) })}</>
  return (
    <>{t(`stage.${key}`, { time: time ? (key === 'proposing' || key === 'voting' ? closing : dateTime)(time) : '' })}</>
  )
}
