import { useMutation } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { announce } from '@/lib/announce'
import { ask, office, type Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { Button } from '@/ui/hds'
import { Trouble } from '@/ui/problem/Trouble'
import { useLocal } from '@/ui/text'
import style from './ruleTrial.module.css'
import { Scroll } from './Scroll'

type Trial = Schemas['RuleTrial']

/** What the rule would make of the last round's ballots, or of a made-up town's, before it is chosen. */
export function RuleTrial({ rule, form }: { rule: Schemas['Rule']; form: Schemas['RuleTrialRequest']['form'] }) {
  const { t } = useTranslation('office')
  const { number } = useFormat()
  const trial = useMutation({
    mutationFn: () => ask(office.POST('/api/v1/rule-trial', { body: { rule, form } })),
    onSuccess: ({ measures }) => {
      announce(t('trial.done', { built: number(measures.funded) }))
    },
  })
  return (
    <div className="stack">
      <p>{t('trial.about')}</p>
      <Button
        small
        variant="secondary"
        busy={trial.isPending}
        onClick={() => {
          trial.mutate()
        }}
      >
        {t('trial.button')}
      </Button>
      {trial.isError && <Trouble cause={trial.error} />}
      {trial.data && <Outcome trial={trial.data} />}
    </div>
  )
}

function Outcome({ trial }: { trial: Trial }) {
  const { t } = useTranslation('office')
  const local = useLocal()
  const { euros, number } = useFormat()
  const { measures, other } = trial
  const named = (heading: string) => (
    <>
      <th scope="col">{heading}</th>
      <th scope="col">{t('trial.this')}</th>
      <th scope="col">{t(`trial.other.${other.rule}`)}</th>
    </>
  )
  return (
    <div className="stack">
      <p>
        {trial.name
          ? t('trial.of_round', {
              ballots: number(trial.ballots),
              round: local(trial.name),
              area: trial.area ? local(trial.area) : '',
            })
          : t('trial.made_up', { ballots: number(trial.ballots) })}{' '}
        {t('trial.money', { sum: euros(trial.budget) })}
      </p>
      <Scroll label={t('trial.measures')}>
        <table className={style.table}>
          <caption>{t('trial.measures')}</caption>
          <thead>
            <tr>{named(t('trial.measure'))}</tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{t('trial.row.funded')}</th>
              <td>{number(measures.funded)}</td>
              <td>{number(other.measures.funded)}</td>
            </tr>
            <tr>
              <th scope="row">{t('trial.row.left')}</th>
              <td>{euros(measures.left)}</td>
              <td>{euros(other.measures.left)}</td>
            </tr>
            <tr>
              <th scope="row">{t('trial.row.nothing')}</th>
              <td>{number(measures.by_funded_picks[0] ?? 0)}</td>
              <td>{number(other.measures.by_funded_picks[0] ?? 0)}</td>
            </tr>
          </tbody>
        </table>
      </Scroll>
      <p>{t('trial.prefer', { chosen: number(other.prefer_chosen), otherwise: number(other.prefer_other) })}</p>
      <Scroll label={t('trial.projects')}>
        <table className={style.table}>
          <caption>{t('trial.projects')}</caption>
          <thead>
            <tr>
              {named(t('trial.project'))}
              <th scope="col">{t(trial.projects[0]?.points === undefined ? 'trial.votes' : 'trial.points')}</th>
              <th scope="col">{t('trial.cost')}</th>
            </tr>
          </thead>
          <tbody>
            {trial.projects.map(({ project, title, part, cost, votes, points, funded, funded_otherwise }) => (
              <tr key={project}>
                <th scope="row">
                  {title ? <span lang="fi">{title}</span> : t('trial.number', { number: project, part: part ?? 1 })}
                </th>
                <td>{t(funded ? 'trial.built' : 'trial.not')}</td>
                <td>{t(funded_otherwise ? 'trial.built' : 'trial.not')}</td>
                <td>{number(points ?? votes)}</td>
                <td>{euros(cost)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </div>
  )
}
