import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { AnchorButton, LinkButton, Notification } from '@/ui/hds'
import { Ask } from '@/ui/Ask'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { useFormat, useLang } from '@/lib/format'
import { useLocal } from '@/ui/text'
import { isVoteOver, useRound, type Round } from '@/data/round'
import { statisticsQuery, type Statistics } from '@/data/statistics'
import { Costs } from './Costs'
import { Proposals } from './Proposals'
import { Turnout } from './Turnout'

/** How a round went, in numbers that speak of nobody. */
export default function StatisticsOfRound() {
  const { t } = useTranslation('statistics')
  return (
    <AskPage query={useRound()} title={t('title')}>
      {(round) => <StatisticsPage round={round} />}
    </AskPage>
  )
}

function StatisticsPage({ round }: { round: Round }) {
  const { t } = useTranslation(['statistics', 'shell'])
  const lang = useLang()
  const local = useLocal()
  const query = useQuery({ ...statisticsQuery(round.id), enabled: isVoteOver(round) })
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
        {isVoteOver(round) ? (
          <Ask query={query}>{(statistics) => <All round={round} statistics={statistics} />}</Ask>
        ) : (
          <Notification label={t('not_yet.label')}>
            <p>{t('not_yet.text')}</p>
            <LinkButton small variant="secondary" to={`/${lang}/rounds/${round.id}/numbers`}>
              {t('not_yet.numbers')}
            </LinkButton>
          </Notification>
        )}
      </div>
    </Page>
  )
}

function All({ round, statistics }: { round: Round; statistics: Statistics }) {
  const { t } = useTranslation('statistics')
  const lang = useLang()
  const { dateTime } = useFormat()
  const file = `/api/v1/rounds/${encodeURIComponent(round.id)}/statistics`
  return (
    <>
      <div className="actions">
        <LinkButton variant="secondary" to={`/${lang}/rounds/${round.id}/press`}>
          {t('press.link')}
        </LinkButton>
        <AnchorButton variant="secondary" start="download" href={`${file}.csv`} download={`${round.id}-statistics.csv`}>
          {t('csv')}
        </AnchorButton>
        <AnchorButton
          variant="secondary"
          start="download"
          href={`${file}.xlsx`}
          download={`${round.id}-statistics.xlsx`}
        >
          {t('excel')}
        </AnchorButton>
      </div>
      <section className="stack">
        <h2>{t('turnout.heading')}</h2>
        {statistics.papers.map((paper) => (
          <Turnout key={paper.paper} round={round} paper={paper} />
        ))}
        <p className="muted">{t('counted', { time: dateTime(statistics.at) })}</p>
      </section>
      <section className="prose">
        <h2>{t('secret.heading')}</h2>
        <p>{t('secret.choices')}</p>
        <p>{t('secret.small')}</p>
        <p>{t('secret.unknown')}</p>
      </section>
      <section className="stack">
        <h2>{t('proposals.heading')}</h2>
        {statistics.proposals.map((table) => (
          <Proposals key={table.by} round={round} table={table} />
        ))}
      </section>
      <section className="stack">
        <h2>{t('costs.heading')}</h2>
        {statistics.costs ? <Costs round={round} costs={statistics.costs} /> : <p>{t('costs.later')}</p>}
      </section>
    </>
  )
}
