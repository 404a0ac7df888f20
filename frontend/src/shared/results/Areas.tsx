import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link, useNavigate } from '@/lib/router'
import { mapQuery } from '@/data/map'
import type { Results } from '@/data/results'
import type { Round } from '@/data/round'
import { useFormat } from '@/lib/format'
import { AreaShapes } from '@/shared/map/AreaShapes'
import { Local } from '@/ui/text'
import style from './areas.module.css'

/** Every area with what is built there and how its money was used as a bar, beside the areas as one taps them on a map. */
export function Areas({ round, results, chosen }: { round: Round; results: Results; chosen?: string }) {
  const { t } = useTranslation('results')
  const { euros, number } = useFormat()
  const navigate = useNavigate()
  const { data } = useQuery(mapQuery)
  const [pointed, setPointed] = useState<string>()
  if (results.areas.length < 2) return null
  const shapes = (data?.areas ?? []).filter(({ area }) => results.areas.some((one) => one.area === area))
  return (
    <section className="stack">
      <h2>{t('areas.heading')}</h2>
      <div className={shapes.length > 0 ? style.beside : undefined}>
        <ul className={`plain ${style.areas ?? ''}`}>
          {results.areas.map(({ area, pot, spent, left, ballots, projects }) => {
            const funded = projects.filter(({ selected }) => selected).length
            const name = round.settings.areas.find(({ id }) => id === area)?.name ?? { fi: area }
            return (
              <li key={area}>
                <Link
                  to={`?area=${area}`}
                  aria-current={area === chosen ? 'true' : undefined}
                  className={area === pointed ? style.pointed : undefined}
                  onPointerEnter={() => {
                    setPointed(area)
                  }}
                  onPointerLeave={() => {
                    setPointed(undefined)
                  }}
                >
                  <strong>
                    <Local text={name} />
                  </strong>
                  <span>{t('areas.funded', { count: funded, number: number(funded), sum: euros(spent) })}</span>
                  <svg className={style.bar} viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                    <rect width={String((100 * spent) / Math.max(1, pot))} height="1" />
                  </svg>
                  <span className={style.small}>
                    {t('areas.rest', { ballots: number(ballots), left: euros(left) })}
                  </span>
                </Link>
              </li>
            )
          })}
        </ul>
        {shapes.length > 0 && (
          <AreaShapes
            shapes={shapes}
            pointed={pointed ?? chosen}
            onPoint={setPointed}
            onTap={(area) => navigate(`?area=${area}`)}
          />
        )}
      </div>
    </section>
  )
}
