import { useTranslation } from '@/lib/i18n'
import { Notification } from '@/ui/hds'
import type { Results } from '@/data/results'
import type { Round } from '@/data/round'
import { useFormat, useLang } from '@/lib/format'
import { Local, useLocal } from '@/ui/text'
import { ProjectTable } from './ProjectTable'

/** The results of a round that another service held, as totals: there is no count here to explain or to check. */
export function Elsewhere({ round, results }: { round: Round; results: Results }) {
  const { t } = useTranslation(['results', 'delivery'])
  const lang = useLang()
  const local = useLocal()
  const { euros, number } = useFormat()
  return (
    <div className="stack-l">
      <Notification label={t('elsewhere.title')}>
        <p>{t('elsewhere.text')}</p>
        <p>{t('elsewhere.votes')}</p>
      </Notification>
      <p>
        <a href={`/${lang}/delivery?round=${round.id}`}>{t('delivery:link')}</a>
      </p>
      {results.areas.map(({ area, spent, projects }) => {
        const name = round.settings.areas.find(({ id }) => id === area)?.name ?? { fi: area }
        const selected = projects.filter((project) => project.selected).length
        return (
          <section key={area} className="stack">
            <h2>
              <Local text={name} />
            </h2>
            {projects.length === 0 ? (
              <p>{t('elsewhere.none')}</p>
            ) : (
              <>
                <p>{t('elsewhere.selected', { count: selected, number: number(selected), sum: euros(spent) })}</p>
                <ProjectTable caption={t('elsewhere.table', { area: local(name) })} projects={projects} />
              </>
            )}
          </section>
        )
      })}
    </div>
  )
}
