import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { useFormat } from '@/lib/format'
import type { Round } from '@/data/round'
import { classes } from '@/lib/classes'
import styles from './office.module.css'

/** When proposing, vetting and voting are open, and what was decided. */
export function Windows({ round }: { round: Round }) {
  const { t } = useTranslation('office')
  const { dateTime, closing } = useFormat()
  return (
    <dl className={classes('facts', styles.facts)}>
      {(['proposing', 'vetting', 'voting'] as const).map((window) => (
        <div key={window}>
          <dt>{t(`times.${window}`)}</dt>
          <dd>
            {dateTime(round.times[window].opens)} – {closing(round.times[window].closes)}
          </dd>
        </div>
      ))}
      {(['freeze_decision', 'confirm_decision', 'copies_destroyed'] as const).map(
        (decision) =>
          round[decision] && (
            <div key={decision}>
              <dt>{t(`control.${decision}`)}</dt>
              <dd>
                {round[decision]}{' '}
                {decision === 'confirm_decision' && (
                  <Link to={`/office/${round.id}/decision`}>{t('control.correct')}</Link>
                )}
              </dd>
            </div>
          ),
      )}
    </dl>
  )
}
