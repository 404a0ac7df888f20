import { useTranslation } from '@/lib/i18n'
import type { AreaResult, Explanation } from '@/data/results'
import type { Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { Local } from '@/ui/text'
import style from './rows.module.css'

type Measures = Schemas['Measures']

const hundredths = (picks: number) => Math.round(picks * 100) / 100

/** What an outcome is measured by, and whether more of it is better (1) or less (-1). */
const measured: {
  key: 'funded' | 'cost' | 'left' | 'nothing' | 'picks'
  of: (measures: Measures) => number
  money?: true
  best: 1 | -1
}[] = [
  { key: 'funded', of: ({ funded }) => funded, best: 1 },
  { key: 'cost', of: ({ cost }) => cost, money: true, best: 1 },
  { key: 'left', of: ({ left }) => left, money: true, best: -1 },
  { key: 'nothing', of: ({ by_funded_picks: picks }) => picks[0] ?? 0, best: -1 },
  { key: 'picks', of: ({ picks }) => hundredths(picks), best: 1 },
]

/** The same ballots counted by another rule, side by side, also where the round's own rule is the worse one. */
export function OtherRule({ outcome, explanation }: { outcome: AreaResult; explanation: Explanation }) {
  const { t } = useTranslation('results')
  const { euros, number } = useFormat()
  const { measures, other } = explanation
  if (!measures || !other) return null
  const rows = measured.map(({ key, of, money, best }) => ({
    key,
    shown: [measures, other.measures].map((one) => (money ? euros : number)(of(one))),
    better: best * Math.sign(of(measures) - of(other.measures)),
  }))
  const worse = rows.filter(({ better }) => better < 0)
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
            {rows.map(({ key, shown, better }) => (
              <tr key={key}>
                <th scope="row">{t(`other.row.${key}`)}</th>
                {shown.map((figure, column) => (
                  <td key={column}>
                    {figure}
                    {better === (column === 0 ? 1 : -1) && <span className={style.better}>{t('other.better')}</span>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {same ? (
          <p>{t('other.same')}</p>
        ) : (
          <>
            <p>
              {t(worse.length > 0 ? 'other.worse' : 'other.nowhere_worse', {
                count: worse.length,
                worse: number(worse.length),
                measures: number(rows.length),
              })}
            </p>
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
