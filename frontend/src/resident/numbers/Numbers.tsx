import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { AnchorButton, LinkButton, Notification } from '@/ui/hds'
import { Ask } from '@/ui/Ask'
import type { Schemas } from '@/lib/api'
import { useFormat, useLang } from '@/lib/format'
import { Problem } from '@/lib/problem'
import { Local, useLocal } from '@/ui/text'
import { resultsQuery } from '@/data/results'
import { numbersQuery, stageOf, useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { Alarm } from '@/shared/numbers/Alarm'
import { Voids } from '@/shared/results/Voids'
import { Days } from './Days'
import { classes } from '@/lib/classes'
import styles from './numbers.module.css'

/** What was issued and what is in the box, for everybody: so that a lost or an added ballot does not go unseen. */
export default function NumbersOfRound() {
  const query = useRound()
  const { t } = useTranslation('numbers')
  return (
    <AskPage query={query} title={t('title')}>
      {(round) => <NumbersPage round={round} />}
    </AskPage>
  )
}

function NumbersPage({ round }: { round: Round }) {
  const { t } = useTranslation(['numbers', 'shell'])
  const lang = useLang()
  const local = useLocal()
  const query = useQuery({ ...numbersQuery(round.id), refetchInterval: round.phase === 'voting' && 60_000 })
  const early = query.error instanceof Problem && query.error.code === 'voting_not_open'
  return (
    <Page
      title={t('title')}
      above={[
        { to: `/${lang}`, text: t('shell:nav.home') },
        { to: `/${lang}/rounds/${round.id}`, text: local(round.name) },
      ]}
      lead={<p>{t('lead')}</p>}
    >
      <div className="stack-l">
        {round.rehearsal && <Notification kind="alert">{t('shell:rehearsal')}</Notification>}
        {early ? (
          <Notification label={t('not_yet.label')}>
            <p>{t('not_yet.text')}</p>
            <LinkButton small variant="secondary" to={`/${lang}/rounds/${round.id}`}>
              {t('not_yet.round')}
            </LinkButton>
          </Notification>
        ) : (
          <Ask query={query}>{(numbers) => <All round={round} numbers={numbers} />}</Ask>
        )}
      </div>
    </Page>
  )
}

function All({ round, numbers }: { round: Round; numbers: Schemas['Numbers'] }) {
  const { t } = useTranslation('numbers')
  const lang = useLang()
  const { dateTime } = useFormat()
  return (
    <>
      <Alarm papers={numbers.papers} />
      <section className="stack">
        <h2>{t('now')}</h2>
        <Now round={round} numbers={numbers} />
        {stageOf(round).acts.includes('results') && <Counted round={round} />}
        <p className="muted">{t('counted', { time: dateTime(numbers.at) })}</p>
      </section>
      <section className="prose">
        <h2>{t('why.heading')}</h2>
        <p>{t('why.between')}</p>
        <p>{t('why.few')}</p>
        <p>{t('why.finland')}</p>
        <p>{t('why.never')}</p>
      </section>
      <Days round={round} numbers={numbers} />
      <section className={classes(styles.mine, 'stack')}>
        <h2>{t('mine.heading')}</h2>
        <p>{t('mine.text')}</p>
        <p>
          <Link to={`/${lang}/rounds/${round.id}/rights`}>{t('mine.link')}</Link>
        </p>
      </section>
      <section className="stack">
        <h2>{t('csv.heading')}</h2>
        <p>{t('csv.text')}</p>
        <div className="actions">
          <AnchorButton
            variant="secondary"
            start="download"
            href={`/api/v1/rounds/${encodeURIComponent(round.id)}/numbers.csv`}
            download={`${round.id}-numbers.csv`}
          >
            {t('csv.button')}
          </AnchorButton>
          <AnchorButton
            variant="secondary"
            start="download"
            href={`/api/v1/rounds/${encodeURIComponent(round.id)}/numbers.xlsx`}
            download={`${round.id}-numbers.xlsx`}
          >
            {t('csv.excel')}
          </AnchorButton>
        </div>
      </section>
    </>
  )
}

/** Which of the votes in the box do not count: known once the result is published. */
function Counted({ round }: { round: Round }) {
  const query = useQuery(resultsQuery(round.id))
  return <Ask query={query}>{(results) => <Voids round={round} voids={results.void} />}</Ask>
}

const rows = ['rights', 'online', 'assisted', 'on_paper', 'replacements', 'credentials', 'ballots', 'missing'] as const

/** A column for each paper. */
function Now({ round, numbers }: { round: Round; numbers: Schemas['Numbers'] }) {
  const { t } = useTranslation('numbers')
  const { number } = useFormat()
  const several = numbers.papers.length > 1
  return (
    <table className={styles.now}>
      <caption className="visually-hidden">{t('now')}</caption>
      <thead className={several ? undefined : 'visually-hidden'}>
        <tr>
          <th scope="col">{t('what')}</th>
          {numbers.papers.map(({ paper }) => (
            <th key={paper} scope="col" className={styles.figure}>
              {several ? (
                <Local text={round.settings.papers.find(({ id }) => id === paper)?.name ?? { fi: paper }} />
              ) : (
                t('amount')
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr
            key={row}
            className={row === 'credentials' || row === 'ballots' || row === 'missing' ? styles.main : undefined}
          >
            <th scope="row">
              {t(`row.${row}`)}
              <span className={styles.help}>{t(`help.${row}`, { most: number(numbers.most_replacements) })}</span>
            </th>
            {numbers.papers.map((paper) => (
              <td
                key={paper.paper}
                className={classes(styles.figure, row === 'missing' && paper.alarm && styles.alarm)}
              >
                {number(paper[row])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
