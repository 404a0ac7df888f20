import { useTranslation } from '@/lib/i18n'
import type { Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { Local } from '@/ui/text'
import styles from './office.module.css'

/** The areas with their pots and the exact sum. */
export function PotTable({ areas }: { areas: Schemas['Area'][] }) {
  const { t } = useTranslation('office')
  const { euros } = useFormat()
  return (
    <table className={styles.pots}>
      <caption>{t('settings.areas')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('settings.area_column')}</th>
          <th scope="col">{t('settings.pot_column')}</th>
        </tr>
      </thead>
      <tbody>
        {areas.map(({ id, name, pot }) => (
          <tr key={id}>
            <th scope="row">
              <Local text={name} />
            </th>
            <td className={styles.sum}>{euros(pot)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{t('settings.together')}</th>
          <td className={styles.sum}>{euros(areas.reduce((sum, { pot }) => sum + pot, 0))}</td>
        </tr>
      </tfoot>
    </table>
  )
}
