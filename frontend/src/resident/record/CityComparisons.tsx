import { useQuery } from '@tanstack/react-query'
import { comparisonsQuery } from '@/data/comparison'
import type { Round } from '@/data/round'
import { useTranslation } from '@/lib/i18n'
import { Drawn } from '@/shared/comparison/Drawn'

/** What the city itself has found when it compared sheets of paper with the record; nothing where nobody has drawn any. */
export function CityComparisons({ round }: { round: Round }) {
  const { t } = useTranslation('comparison')
  const { data = [] } = useQuery(comparisonsQuery(round.id))
  if (data.length === 0) return null
  return (
    <section className="stack">
      <h2>{t('city.heading')}</h2>
      <p className="prose">{t('city.text')}</p>
      {data.map((one) => (
        <Drawn key={one.number} round={round} comparison={one}>
          {!one.published && <p>{t('city.pending')}</p>}
        </Drawn>
      ))}
    </section>
  )
}
