import { useQuery } from '@tanstack/react-query'
import { lookUpsQuery } from '@/data/account'
import { useFormat } from '@/lib/format'
import { useTranslation } from '@/lib/i18n'
import { Ask } from '@/ui/Ask'
import { Card } from '@/ui/hds'
import { useLocal } from '@/ui/text'

/** Who looked me up on a roll, by role, and why: nobody looks without a trace. */
export function LookUps() {
  const { t } = useTranslation('account')
  const local = useLocal()
  const { date } = useFormat()
  return (
    <Card as="section" className="stack">
      <h2>{t('look_ups.heading')}</h2>
      <p>{t('look_ups.text')}</p>
      <Ask query={useQuery(lookUpsQuery)}>
        {(past) =>
          past.length === 0 ? (
            <p>{t('look_ups.none')}</p>
          ) : (
            <ul>
              {past.map(({ round, name, day, role, reason }) => (
                <li key={[round, day, role, reason].join()}>
                  {date(day)}, {local(name)}: {t(role === 'officer' ? 'look_ups.officer' : 'look_ups.help_desk')}
                  {reason && ` (${t(`look_ups.${reason}`)})`}
                </li>
              ))}
            </ul>
          )
        }
      </Ask>
    </Card>
  )
}
