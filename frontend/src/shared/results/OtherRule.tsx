import { useTranslation } from 'react-i18next'
import type { AreaResult, Explanation } from '@/data/results'
import { useFormat } from '@/lib/format'
import { Local } from '@/ui/text'
import style from './rows.module.css'

/** The same ballots counted by another rule, side by side, also where the round's own rule is the worse one. */
export function OtherRule({ outcome, explanation }: { outcome: AreaResult; explanation: Explanation }) {
  const { t } = useTranslation('results')
  const { euros, number } = useFormat()
  const { measures, other } = explanation
  if (!measures || !other) return null
  const rows = [
    ['funded', number(measures.funded), number(other.measures.funded)],
    ['cost', euros(measures.cost), euros(other.measures.cost)],
    ['left', euros(measures.left), euros(other.measures.left)],
    ['nothing', number(measures.by_funded_picks[0] ?? 0), number(other.measures.by_funded_picks[0] ?? 0)],
    ['picks', number(Math.round(measures.picks * 100) / 100), number(Math.round(other.measures.picks * 100) / 100)],
  ] as const
  const same = other.only_chosen.length + other.only_other.length === 0
  return (
    <details className={style.other}>
      <summary>{t('other.heading')}</summary>
      <div className="stack">
        <p>{t(`other.${other.rule === 'equal-shares' ? 'shares' : 'greedy'}`)}</p>
        <table className={style.compare}>
          <caption className="visually-hidden">{t('other.heading')}</caption>
          <thead>
            <tr>
              <td />
              <th scope="col">{t('other.this')}</th>
              <th scope="col">{t('other.that')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([key, chosen, otherwise]) => (
              <tr key={key}>
                <th scope="row">{t(`other.row.${key}`)}</th>
                <td>{chosen}</td>
                <td>{otherwise}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {same ? (
          <p>{t('other.same')}</p>
        ) : (
          <>
            <p>{t('other.prefer', { chosen: number(other.prefer_chosen), otherwise: number(other.prefer_other) })}</p>
            <Only heading={t('other.only_this')} numbers={other.only_chosen} outcome={outcome} />
            <Only heading={t('other.only_that')} numbers={other.only_other} outcome={outcome} />
          </>
        )}
      </div>
    </details>
  )
}

function Only({ heading, numbers, outcome }: { heading: string; numbers: number[]; outcome: AreaResult }) {
  const { euros } = useFormat()
  if (numbers.length === 0) return null
  return (
    <div>
      <h4>{heading}</h4>
      <ul>
        {outcome.projects
          .filter(({ project }) => numbers.includes(project))
          .map(({ project, title, cost }) => (
            <li key={project}>
              <Local text={title} /> ({euros(cost)})
            </li>
          ))}
      </ul>
    </div>
  )
}
