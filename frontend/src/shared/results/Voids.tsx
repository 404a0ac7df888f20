import { useTranslation } from '@/lib/i18n'
import type { Results } from '@/data/results'
import type { Round } from '@/data/round'
import { useFormat } from '@/lib/format'
import { Local } from '@/ui/text'

/** How many sealed votes do not count, and why; nothing where votes were not sealed. */
export function Voids({ round, voids }: { round: Round; voids: Results['void'] }) {
  const { t } = useTranslation('results')
  const { number } = useFormat()
  if (!voids) return null
  const count = voids.reduce((sum, { ballots }) => sum + ballots, 0)
  if (count === 0) return <p>{t('void.none')}</p>
  const several = round.settings.papers.length > 1
  return (
    <div className="stack">
      <p>{t('void.some', { count, number: number(count) })}</p>
      <ul>
        {voids.map(({ paper, reason, ballots }) => (
          <li key={`${paper} ${reason}`}>
            {several && (
              <>
                <Local text={round.settings.papers.find(({ id }) => id === paper)?.name ?? { fi: paper }} />
                {': '}
              </>
            )}
            {t(`void.${reason}`, { number: number(ballots) })}
          </li>
        ))}
      </ul>
      <p className="muted">{t('void.check')}</p>
    </div>
  )
}
