import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Ask } from '@/ui/Ask'
import type { Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { useLocal } from '@/ui/text'
import type { Round } from '@/data/round'
import { rollQuery } from '@/data/office'
import { RollImportPanel } from './RollImport'
import { RoundPage } from './RoundPage'
import { Scroll } from './Scroll'
import { VotingCodes } from './VotingCodes'
import { classes } from '@/lib/classes'
import styles from './office.module.css'

export function Roll() {
  const { t } = useTranslation('office')
  return (
    <RoundPage title={t('roll.title')} lead={t('roll.about')}>
      {(round) => (
        <>
          <Status round={round} />
          <RollImportPanel round={round} />
          <VotingCodes round={round} />
        </>
      )}
    </RoundPage>
  )
}

function Status({ round }: { round: Round }) {
  const { t } = useTranslation('office')
  const query = useQuery(rollQuery(round.id))
  return (
    <section className="stack">
      <h2>{t('roll.status')}</h2>
      <Ask query={query}>{(status) => <Numbers round={round} status={status} />}</Ask>
    </section>
  )
}

function Numbers({ round, status }: { round: Round; status: Schemas['RollStatus'] }) {
  const { t } = useTranslation('office')
  const local = useLocal()
  const { number, dateTime } = useFormat()
  const nameOf = (paper: string) => local(round.settings.papers.find(({ id }) => id === paper)?.name) || paper
  return (
    <>
      <dl className={classes('facts', styles.facts)}>
        {(['entries', 'protected', 'without_area', 'codes_issued', 'codes_used', 'codes_void'] as const).map((key) => (
          <div key={key}>
            <dt>{t(`roll.${key}`)}</dt>
            <dd>{number(status[key])}</dd>
          </div>
        ))}
        {status.imported_at && (
          <div>
            <dt>{t('roll.imported_at')}</dt>
            <dd>{dateTime(status.imported_at)}</dd>
          </div>
        )}
      </dl>
      <p>{t('roll.rights_are')}</p>
      <Scroll label={t('roll.spent')}>
        <table>
          <caption>{t('roll.spent')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('roll.paper')}</th>
              <th scope="col" className={styles.sum}>
                {t('roll.rights')}
              </th>
              <th scope="col" className={styles.sum}>
                {t('roll.online')}
              </th>
              <th scope="col" className={styles.sum}>
                {t('roll.assisted')}
              </th>
              <th scope="col" className={styles.sum}>
                {t('roll.on_paper')}
              </th>
            </tr>
          </thead>
          <tbody>
            {status.papers.map(({ paper, rights, online, assisted, on_paper }) => (
              <tr key={paper}>
                <th scope="row">{nameOf(paper)}</th>
                <td className={styles.sum}>{number(rights)}</td>
                <td className={styles.sum}>{number(online)}</td>
                <td className={styles.sum}>{number(assisted)}</td>
                <td className={styles.sum}>{number(on_paper)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  )
}
