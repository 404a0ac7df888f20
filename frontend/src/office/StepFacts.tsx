import { useTranslation } from '@/lib/i18n'
import type { Schemas } from '@/lib/api'
import { between, useFormat } from '@/lib/format'
import { useLocal } from '@/ui/text'
import type { Step } from '@/data/office'
import { Scroll } from './Scroll'

type Fixes = Schemas['StepFixes']

/** What a step makes unchangeable, as it stands at this moment. */
export function StepFacts({ step, fixes }: { step: Step; fixes: Fixes }) {
  const { t } = useTranslation('office')
  const { dateTime, number } = useFormat()
  const local = useLocal()
  const { round, rights, codes, conflicts, promised_by: promised } = fixes
  const window = step === 'propose' || step === 'vet' ? 'proposing' : 'voting'
  const timed = ['propose', 'vet', 'freeze', 'open', 'close'].includes(step)
  const { age, moment, municipalities } = round.settings.eligibility
  return (
    <section className="stack" aria-label={t('fixes.heading')}>
      <h3>{t('fixes.heading')}</h3>
      {['freeze', 'confirm', 'publish'].includes(step) && <AreaTable step={step} fixes={fixes} />}
      <dl>
        {timed && (
          <>
            <dt>{t(`times.${window}`)}</dt>
            <dd>
              {dateTime(round.times[window].opens)} – {dateTime(round.times[window].closes)}
            </dd>
          </>
        )}
        {promised && (step === 'freeze' || step === 'open') && (
          <>
            <dt>{t('fixes.promised')}</dt>
            <dd>{dateTime(promised)}</dd>
          </>
        )}
        {step === 'freeze' && (
          <>
            <dt>{t('fixes.electorate')}</dt>
            <dd>
              {t('fixes.age', { age })} {t(`fixes.at.${moment}`)}
              {municipalities.length > 0 && `, ${t('fixes.municipalities', { codes: municipalities.join(', ') })}`}
            </dd>
            {rights.map(({ paper, rights: all }) => (
              <div key={paper}>
                <dt>
                  {t('fixes.rights', {
                    paper: local(round.settings.papers.find(({ id }) => id === paper)?.name ?? { fi: paper }),
                  })}
                </dt>
                <dd>{number(all)}</dd>
              </div>
            ))}
            {round.settings.papers.map(({ id, name, form }) => (
              <div key={id}>
                <dt>{t('fixes.form', { paper: local(name) })}</dt>
                <dd>
                  {[
                    t(`settings.forms.${form.kind}`),
                    t('fixes.picks', { between: between(form.min, form.max) }),
                    form.points !== undefined && t('fixes.points', { points: form.points, each: form.points_each }),
                    form.points_all && t('settings.points_all'),
                    form.blank && t('settings.blank'),
                  ]
                    .filter(Boolean)
                    .join('; ')}
                </dd>
              </div>
            ))}
            <dt>{t('fixes.codes')}</dt>
            <dd>{number(codes)}</dd>
          </>
        )}
        {step === 'publish' && (
          <>
            <dt>{t('next.decision')}</dt>
            <dd>{round.confirm_decision}</dd>
          </>
        )}
      </dl>
      {step === 'freeze' && conflicts.length > 0 && (
        <>
          <h4>{t('fixes.conflicts')}</h4>
          <ul>
            {conflicts.map(({ projects, reason, obeyed }) => (
              <li key={projects.join()}>
                {projects.join(', ')}: {local(reason)} {t(obeyed ? 'fixes.obeyed' : 'fixes.not_obeyed')}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

/** Each area's money and projects, and from the count on what came of them. */
function AreaTable({ step, fixes }: { step: Step; fixes: Fixes }) {
  const { t } = useTranslation('office')
  const { euros, number } = useFormat()
  const local = useLocal()
  const { areas } = fixes.round.settings
  const counted = step !== 'freeze'
  const heads = counted
    ? (['area', 'pot', 'ballots', 'funded', 'spent'] as const)
    : (['area', 'pot', 'projects', 'cost'] as const)
  return (
    <Scroll label={t('settings.areas')}>
      <table>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {t(`fixes.${head}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {fixes.areas.map(({ area, projects, cost, ballots, funded, spent }) => {
            const found = areas.find(({ id }) => id === area)
            return (
              <tr key={area}>
                <th scope="row">{local(found?.name ?? { fi: area })}</th>
                <td>{euros(found?.pot ?? 0)}</td>
                <td>{number(counted ? (ballots ?? 0) : projects)}</td>
                {counted && <td>{number(funded?.length ?? 0)}</td>}
                <td>{euros(counted ? (spent ?? 0) : cost)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Scroll>
  )
}
