import { city } from '@/lib/city'
import { between } from '@/lib/format'
import { useTranslation } from '@/lib/i18n'
import { useLocal } from '@/ui/text'
import type { Round } from '@/data/round'

/** The voting rules that this round's settings make, in plain words. */
export function Rules({ round }: { round: Round }) {
  const { t } = useTranslation('round')
  const local = useLocal()
  const { eligibility, papers, final_ballots, rule } = round.settings
  const forms = new Map(papers.map(({ form }) => [Object.values(form).join(' '), form]))
  return (
    <section className="prose">
      <h2>{t('rules.heading')}</h2>
      <ul>
        {eligibility.age > 0 && (
          <li>
            {t(eligibility.moment === 'voting' ? 'rules.age_voting' : 'rules.age_year', { age: eligibility.age })}
          </li>
        )}
        {eligibility.municipalities.length > 0 && <li>{t('rules.municipality', { city: local(city().name) })}</li>}
        <li>{t('rules.paper', { count: papers.length, names: papers.map(({ name }) => local(name)).join(', ') })}</li>
        {[...forms].map(([key, form]) => (
          <li key={key}>
            {t(`rules.${form.kind}`, {
              count: form.max,
              between: between(form.min, form.max),
              points: form.points,
              each: form.points_each,
            })}
          </li>
        ))}
        {final_ballots && <li>{t('rules.final')}</li>}
        {rule.rule === 'greedy' && <li>{t('rules.greedy')}</li>}
      </ul>
    </section>
  )
}
