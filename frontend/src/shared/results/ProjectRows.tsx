import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import type { Schemas } from '@/lib/api'
import type { ProjectResult, Reason } from '@/data/results'
import { useFormat, useLang } from '@/lib/format'
import { Picture } from '@/shared/picture/Picture'
import { Local } from '@/ui/text'
import style from './rows.module.css'
import { whyOf, winOf } from './sentence'

/** Projects in the order of the count, each with its picture, its votes or points as a bar against the most, and why; losers begin with what they lacked. */
export function ProjectRows({
  round,
  projects,
  known,
  reasons,
  most,
}: {
  round: string
  projects: ProjectResult[]
  /** The ballot's words and pictures, by number. */
  known?: Map<number, Schemas['Project']>
  reasons: Map<number, Reason>
  /** Votes, or points where they are counted, of the project that has most in the area. */
  most: number
}) {
  const { t } = useTranslation('results')
  const lang = useLang()
  const { euros, number } = useFormat()
  return (
    <ul className={`plain ${style.rows ?? ''}`}>
      {projects.map((result) => {
        const { project, title, votes, points, cost, selected } = result
        const more = known?.get(project)
        return (
          <li key={project}>
            <div className={style.picture}>
              <Picture
                round={round}
                proposal={more?.proposal}
                image={more?.image}
                theme={more?.theme}
                sizes="(min-width: 576px) 11rem, 100vw"
              />
            </div>
            <div className={style.what}>
              <h4>
                {more?.proposal === undefined ? (
                  <Local text={title} />
                ) : (
                  <Link to={`/${lang}/rounds/${round}/proposals/${String(more.proposal)}`}>
                    <Local text={title} />
                  </Link>
                )}
              </h4>
              <p className={style.facts}>
                {points !== undefined && <strong>{t('row.points', { count: points, number: number(points) })}</strong>}
                {votes === undefined ? (
                  <strong>{t('row.few')}</strong>
                ) : points === undefined ? (
                  <strong>{t('row.votes', { count: votes, number: number(votes) })}</strong>
                ) : (
                  <span>{t('row.voters', { count: votes, number: number(votes) })}</span>
                )}
                <span>{t('row.cost', { sum: euros(cost) })}</span>
                <span>{t('row.number', { number: project })}</span>
              </p>
              <svg className={style.bar} viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                <rect
                  width={String((100 * (points ?? votes ?? 0)) / Math.max(1, most))}
                  height="1"
                  className={selected ? undefined : style.lost}
                />
              </svg>
              {!selected && <HowToWin reason={reasons.get(project)} />}
              <Why result={result} reason={reasons.get(project)} />
            </div>
          </li>
        )
      })}
    </ul>
  )
}

function Why({ result, reason }: { result: ProjectResult; reason?: Reason }) {
  const { t } = useTranslation('results')
  const { euros } = useFormat()
  const { key, count, number, left = 0, missing = 0, price = 0 } = whyOf(result, reason)
  const taken = result.selected ? undefined : reason?.taken?.[0]
  return (
    <p>
      {t(key, { count, number, left: euros(left), missing: euros(missing), price: euros(price) })}
      {taken && key === 'why.supporters' && <> {t('why.taken', { number: taken.project, sum: euros(taken.amount) })}</>}
    </p>
  )
}

function HowToWin({ reason }: { reason?: Reason }) {
  const { t } = useTranslation('results')
  const { euros, number } = useFormat()
  const win = winOf(reason)
  if (!win) return null
  return (
    <p className={style.win}>
      {t(win.key, {
        count: win.count ?? 0,
        votes: number(win.count ?? 0),
        points: number(win.count ?? 0),
        cost: euros(win.cost ?? 0),
      })}
      {!win.exact && <> {t('win.less')}</>}
    </p>
  )
}
