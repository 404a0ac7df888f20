import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Button, LinkButton, Notification } from '@/ui/hds'
import { Ask } from '@/ui/Ask'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import ContactLines from '@/ui/contact/ContactLines'
import { printSheet } from '@/ui/print'
import { useFormat, useLang } from '@/lib/format'
import { Local, useLocal } from '@/ui/text'
import { resultsQuery, type Results } from '@/data/results'
import { useRound, type Round } from '@/data/round'
import { costOfAll, statisticsQuery, turnoutRows, used, type Statistics } from '@/data/statistics'
import { Share, Table, Told } from './Table'
import { useRowName } from './Turnout'
import styles from './statistics.module.css'

/** The round on one sheet, for newspapers: the numbers are those of the statistics and of the results. */
export default function PressSheet() {
  const { t } = useTranslation('statistics')
  return (
    <AskPage query={useRound()} title={t('press.title')}>
      {(round) => <PressPage round={round} />}
    </AskPage>
  )
}

function PressPage({ round }: { round: Round }) {
  const { t } = useTranslation(['statistics', 'shell'])
  const lang = useLang()
  const local = useLocal()
  const published = round.phase === 'delivering' || round.phase === 'archived'
  const statistics = useQuery({ ...statisticsQuery(round.id), enabled: published })
  const results = useQuery({ ...resultsQuery(round.id), enabled: published })
  return (
    <Page
      title={t('press.title')}
      above={[
        { to: `/${lang}`, text: t('shell:nav.home') },
        { to: `/${lang}/rounds/${round.id}`, text: local(round.name) },
        { to: `/${lang}/rounds/${round.id}/statistics`, text: t('title') },
      ]}
      lead={<p>{t('press.lead')}</p>}
    >
      <div className="stack-l">
        {!published ? (
          <Notification label={t('press.not_yet')}>
            <LinkButton small variant="secondary" to={`/${lang}/rounds/${round.id}`}>
              {t('press.round')}
            </LinkButton>
          </Notification>
        ) : (
          <Ask query={results}>
            {(outcome) => (
              <Ask query={statistics}>
                {(numbers) => <Sheet round={round} results={outcome} statistics={numbers} />}
              </Ask>
            )}
          </Ask>
        )}
      </div>
    </Page>
  )
}

function Sheet({ round, results, statistics }: { round: Round; results: Results; statistics: Statistics }) {
  const { t } = useTranslation(['statistics', 'shell'])
  const { date, euros, number, percent } = useFormat()
  const local = useLocal()
  const nameOf = useRowName(round)
  const funded = results.areas.flatMap(({ projects }) => projects).filter(({ selected }) => selected)
  const on = results.areas.reduce((n, { projects }) => n + projects.length, 0)
  const spent = results.areas.reduce((sum, area) => sum + area.spent, 0)
  const [paper] = statistics.papers
  const proposals = statistics.proposals.find(({ by }) => by === 'area')
  const costs = statistics.costs && costOfAll(statistics.costs)
  const ages = paper ? turnoutRows(paper.ages) : []
  return (
    <>
      <div className="actions">
        <Button onClick={printSheet}>{t('press.print')}</Button>
      </div>
      <article className={`sheet stack ${styles.press ?? ''}`}>
        {round.rehearsal && <Notification kind="alert">{t('shell:rehearsal')}</Notification>}
        <h2>
          <Local text={round.name} />: {t('press.heading')}
        </h2>
        <p className="lead">
          {t('press.funded', {
            count: funded.length,
            number: number(funded.length),
            sum: euros(spent),
            all: number(on),
          })}
        </p>
        <dl className={styles.facts}>
          {statistics.papers.map((one) => (
            <div key={one.paper}>
              <dt>
                {statistics.papers.length > 1
                  ? `${t('press.turnout')}: ${local(round.settings.papers.find(({ id }) => id === one.paper)?.name)}`
                  : t('press.turnout')}
              </dt>
              <dd>
                {percent(one.rights > 0 ? used(one) / one.rights : 0)}
                <span>{t('press.of', { used: number(used(one)), rights: number(one.rights) })}</span>
              </dd>
            </div>
          ))}
          {proposals?.total.total.number !== undefined && (
            <div>
              <dt>{t('press.proposals')}</dt>
              <dd>{number(proposals.total.total.number)}</dd>
            </div>
          )}
          <div>
            <dt>{t('press.voting')}</dt>
            <dd className={styles.small}>
              {date(round.times.voting.opens)} – {date(round.times.voting.closes)}
            </dd>
          </div>
          {costs && costs.done.projects > 0 && (
            <div>
              <dt>{t('press.done')}</dt>
              <dd className={styles.small}>
                {t('press.done_of', {
                  projects: number(costs.done.projects),
                  estimate: euros(costs.done.estimate),
                  actual: euros(costs.done.actual),
                })}
              </dd>
            </div>
          )}
        </dl>
        <section className="stack-s">
          <h3>{t('press.areas')}</h3>
          <Table
            caption={t('press.areas')}
            head={[t('area'), t('press.ballots'), t('press.selected'), t('press.used'), t('press.left')]}
            lines={results.areas.map((area) => ({
              key: area.area,
              name: local(round.settings.areas.find(({ id }) => id === area.area)?.name),
              cells: [
                number(area.ballots),
                number(area.projects.filter(({ selected }) => selected).length),
                euros(area.spent),
                euros(area.left),
              ],
            }))}
          />
        </section>
        {paper && !paper.ages.few && (
          <section className="stack-s">
            <h3>{t('turnout.age')}</h3>
            <Table
              caption={t('turnout.age')}
              head={[t('age'), t('rights'), t('voted'), t('share')]}
              lines={ages.map((row) => ({
                key: row.key,
                name: nameOf('age', ages, row),
                cells: [
                  <Told key="rights" number={row.rights} />,
                  <Told key="used" number={row.used} />,
                  <Share key="share" of={row.rights} used={row.used} />,
                ],
              }))}
            />
          </section>
        )}
        <section className="stack-s">
          <h3>{t('press.best')}</h3>
          <ul>
            {results.areas.map(({ area, projects }) => {
              const [best] = projects
                .filter(({ selected, votes }) => selected && votes !== undefined)
                .sort((a, b) => (b.votes ?? 0) - (a.votes ?? 0))
              if (!best) return null
              return (
                <li key={area}>
                  {local(round.settings.areas.find(({ id }) => id === area)?.name)}: <Local text={best.title} />
                  {', '}
                  {t('press.votes', { count: best.votes ?? 0, number: number(best.votes ?? 0) })}, {euros(best.cost)}
                </li>
              )
            })}
          </ul>
        </section>
        <p>{t('secret.choices')}</p>
        <p>
          {results.decision && `${t('press.decision', { decision: results.decision })} `}
          {t('press.check', { address: `${location.host}/rounds/${round.id}/results` })}
        </p>
        <ContactLines />
      </article>
    </>
  )
}
