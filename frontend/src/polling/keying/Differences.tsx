import { useTranslation } from '@/lib/i18n'
import type { Report } from '@/data/paper'
import { Notification } from '@/ui/hds'
import styles from '../polling.module.css'
import { writeSerial } from './sheet'
import { useSaid } from './useSaid'

/** What the two said differently, when both have handed in. */
export function Differences({ differences, part }: { differences: Report['differences']; part: number }) {
  const { t } = useTranslation('polling')
  const said = useSaid()
  return (
    <div className="stack">
      <Notification kind="alert" label={t('key.differ', { count: differences.length, n: differences.length })} live>
        {t('key.differ_text')}
      </Notification>
      <div className={styles.scroll} role="region" aria-label={t('keying.differences')} tabIndex={0}>
        <table>
          <caption>{t('keying.differences')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('keying.serial')}</th>
              <th scope="col">{t('key.mine')}</th>
              <th scope="col">{t('key.other')}</th>
            </tr>
          </thead>
          <tbody>
            {differences.map(({ serial, first, second }) => {
              const [mine, other] = part === 1 ? [first, second] : [second, first]
              return (
                <tr key={serial}>
                  <th scope="row">{writeSerial(serial)}</th>
                  <td>{said(mine)}</td>
                  <td>{said(other)}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </div>
  )
}
