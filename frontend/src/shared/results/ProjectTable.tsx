import { useTranslation } from '@/lib/i18n'
import type { Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { Local } from '@/ui/text'
import styles from './results.module.css'

/** Projects in the order of the count, as plain numbers. On a phone each row is a block. */
export function ProjectTable({ caption, projects }: { caption: string; projects: Schemas['ProjectResult'][] }) {
  const { t } = useTranslation('results')
  const { euros, number } = useFormat()
  const pointed = projects.some(({ points }) => points !== undefined)
  return (
    <table className={styles.projects}>
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{t('table.project')}</th>
          {pointed && (
            <th scope="col" className={styles.figure}>
              {t('table.points')}
            </th>
          )}
          <th scope="col" className={styles.figure}>
            {t(pointed ? 'table.voters' : 'table.votes')}
          </th>
          <th scope="col" className={styles.figure}>
            {t('table.cost')}
          </th>
        </tr>
      </thead>
      <tbody>
        {projects.map(({ project, title, votes, points, cost, selected }) => (
          <tr key={project}>
            <th scope="row">
              <span className="muted">{project}</span>{' '}
              <bdi>
                <Local text={title} />
              </bdi>
              {selected && <span className={styles.why}>{t('table.funded')}</span>}
            </th>
            {pointed && (
              <td className={styles.figure}>
                <span className={styles.cellName} aria-hidden="true">
                  {t('table.points')}
                </span>
                {points === undefined ? t('table.few') : number(points)}
              </td>
            )}
            <td className={styles.figure}>
              <span className={styles.cellName} aria-hidden="true">
                {t(pointed ? 'table.voters' : 'table.votes')}
              </span>
              {votes === undefined ? t('table.few') : number(votes)}
            </td>
            <td className={styles.figure}>
              <span className={styles.cellName} aria-hidden="true">
                {t('table.cost')}
              </span>
              {euros(cost)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
