import { skipToken, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Ask } from '@/ui/Ask'
import { useFormat } from '@/lib/format'
import { CityText } from '@/shared/proposal/Answer'
import { versionsQuery } from '@/data/proposal'
import styles from '@/shared/proposal/proposal.module.css'

/** Every version: who, when, why (in words, or a rejection's code). Fetched when one opens it. */
export function History({ round, proposal }: { round: string; proposal: number }) {
  const { t, has } = useTranslation('proposal')
  const { dateTime } = useFormat()
  const [open, setOpen] = useState(false)
  const options = versionsQuery(round, proposal)
  const query = useQuery({ ...options, queryFn: open ? options.queryFn : skipToken })
  return (
    <details
      className={styles.history}
      onToggle={(event) => {
        setOpen(event.currentTarget.open)
      }}
    >
      <summary>{t('history.heading')}</summary>
      {open && (
        <Ask query={query}>
          {(versions) => (
            <ol>
              {versions.map(({ version, at, by, action, reason, answer }) => (
                <li key={version}>
                  <strong>{t(`history.action.${action}`)}</strong>
                  <span>
                    {dateTime(at)} · {by || t('history.city')}
                  </span>
                  {reason && (
                    <span className="lines">{has(`reason.${reason}`) ? t(`reason.${reason as 'other'}`) : reason}</span>
                  )}
                  {answer && <CityText text={answer} />}
                </li>
              ))}
            </ol>
          )}
        </Ask>
      )}
    </details>
  )
}
