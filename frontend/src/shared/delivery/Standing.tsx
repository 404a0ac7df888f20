import { useTranslation } from '@/lib/i18n'
import { StatusLabel } from '@/ui/hds'
import { useFormat } from '@/lib/format'
import type { Delivery } from '@/data/delivery'

const colours = { on_course: 'info', changed: 'alert', paused: 'alert', cancelled: 'error' } as const

/** How far a project is, whether it goes as it was meant to, and how late it is. */
export function Standing({ delivery }: { delivery: Pick<Delivery, 'phase' | 'standing' | 'late'> }) {
  const { t } = useTranslation('delivery')
  const { number } = useFormat()
  const { phase, standing, late } = delivery
  const done = phase === 'done' || phase === 'warranty'
  return (
    <>
      <StatusLabel kind={done ? 'success' : 'info'}>{t(`phase.${phase}`)}</StatusLabel>
      {standing !== 'on_course' && <StatusLabel kind={colours[standing]}>{t(`standing.${standing}`)}</StatusLabel>}
      {late && (
        <StatusLabel kind={done ? 'alert' : 'error'}>
          {t(done ? 'late.was' : 'late.tag', { count: late.days, number: number(late.days) })}
        </StatusLabel>
      )}
    </>
  )
}
