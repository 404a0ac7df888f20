import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { StatusLabel } from '@/ui/hds'
import { deskQuery } from '@/data/desk'
import { useFormat } from '@/lib/format'
import { useLocal } from '@/ui/text'
import { differences, type Estimate } from '@/data/estimate'
import { useSay } from './useSay'
import styles from '@/ui/work.module.css'

/** An estimate in the desk's timeline: who gave it, and what it changed. */
export function Estimated({ round, estimate, before }: { round: string; estimate: Estimate; before?: Estimate }) {
  const { t } = useTranslation('expert')
  const { dateTime } = useFormat()
  const local = useLocal()
  const { data } = useQuery(deskQuery(round))
  const { name, say } = useSay(data?.divisions)
  const from = before?.division === estimate.division && before.competence !== 'forward' ? before : undefined
  return (
    <li className={styles.step}>
      <strong>
        {t(
          estimate.competence === 'forward'
            ? 'history.forwarded'
            : estimate.published
              ? 'history.published'
              : 'history.kept',
          { number: estimate.number },
        )}
      </strong>
      <span className="muted">
        {dateTime(estimate.at)} · {estimate.by} · {local(estimate.division_name)}
      </span>
      {estimate.missing.length > 0 && (
        <span>
          <StatusLabel kind="alert">
            {t('missing', { languages: estimate.missing.map((lang) => t(`in.${lang}`)).join(', ') })}
          </StatusLabel>
        </span>
      )}
      <ul className="plain">
        {differences(estimate, from).map((part) => (
          <li key={part} className="lines">
            {from
              ? t('change', { part: name(part), from: say(from, part), to: say(estimate, part) })
              : t('said', { part: name(part), value: say(estimate, part) })}
          </li>
        ))}
      </ul>
    </li>
  )
}
