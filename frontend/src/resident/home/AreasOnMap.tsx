import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link, useNavigate } from '@/lib/router'
import { mapQuery } from '@/data/map'
import { money, type Round } from '@/data/round'
import { useFormat, useLang } from '@/lib/format'
import { AreaShapes } from '@/shared/map/AreaShapes'
import { Local } from '@/ui/text'
import style from './below.module.css'

/** Where the money goes: each area's pot as a bar, beside the areas as one taps them on a map. */
export function AreasOnMap({ round }: { round: Round }) {
  const { t } = useTranslation('front')
  const lang = useLang()
  const navigate = useNavigate()
  const { euros } = useFormat()
  const { data } = useQuery(mapQuery)
  const [pointed, setPointed] = useState<string>()
  const { areas } = round.settings
  const shapes = (data?.areas ?? []).filter(({ area }) => areas.some(({ id }) => id === area))
  const most = Math.max(1, ...areas.map(({ pot }) => pot))
  const to = (area: string) => `/${lang}/rounds/${round.id}/proposals?area=${area}`
  return (
    <section className={style.money}>
      <div className="stack">
        <h2>{t('areas.heading')}</h2>
        <p>{t('areas.lead', { count: areas.length, sum: euros(money(round)) })}</p>
        <ul className={`plain ${style.pots ?? ''}`}>
          {areas.map(({ id, name, pot }) => (
            <li
              key={id}
              className={id === pointed ? style.pointed : undefined}
              onPointerEnter={() => {
                setPointed(id)
              }}
              onPointerLeave={() => {
                setPointed(undefined)
              }}
            >
              <Link to={to(id)}>
                <Local text={name} />
              </Link>
              <span className={style.sum}>{euros(pot)}</span>
              <svg className={style.bar} viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                <rect width={String((100 * pot) / most)} height="1" />
              </svg>
            </li>
          ))}
        </ul>
      </div>
      {shapes.length > 0 && (
        <AreaShapes shapes={shapes} pointed={pointed} onPoint={setPointed} onTap={(area) => navigate(to(area))} />
      )}
    </section>
  )
}
