import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { AnchorButton } from '@/ui/hds'
import { Ask } from '@/ui/Ask'
import { useFormat, useLang } from '@/lib/format'
import { Local } from '@/ui/text'
import { Alarm } from '@/shared/numbers/Alarm'
import { numbersQuery, type Round } from '@/data/round'
import { classes } from '@/lib/classes'
import styles from './office.module.css'

/** What an official must watch while the city votes: proofs given, ballots in the box, and the difference. */
export function Watch({ round }: { round: Round }) {
  const { t } = useTranslation('office')
  const lang = useLang()
  const { number } = useFormat()
  const query = useQuery({ ...numbersQuery(round.id), refetchInterval: round.phase === 'voting' && 60_000 })
  return (
    <section className="stack">
      <h2>{t('watch.heading')}</h2>
      <Ask query={query}>
        {({ papers }) => (
          <>
            <Alarm papers={papers} />
            {papers.map(({ paper, credentials, ballots, missing, replacements }) => (
              <div key={paper} className="stack-s">
                {papers.length > 1 && (
                  <h3>
                    <Local text={round.settings.papers.find(({ id }) => id === paper)?.name ?? { fi: paper }} />
                  </h3>
                )}
                <dl className={classes('facts', styles.facts)}>
                  {Object.entries({ credentials, ballots, missing, replacements }).map(([key, value]) => (
                    <div key={key}>
                      <dt>{t(`watch.${key as 'credentials' | 'ballots' | 'missing' | 'replacements'}`)}</dt>
                      <dd>{number(value)}</dd>
                    </div>
                  ))}
                </dl>
              </div>
            ))}
          </>
        )}
      </Ask>
      <p className="prose">{t('watch.text')}</p>
      <div className="actions">
        <AnchorButton small variant="secondary" href={`/${lang}/rounds/${round.id}/numbers`}>
          {t('watch.link')}
        </AnchorButton>
      </div>
    </section>
  )
}
