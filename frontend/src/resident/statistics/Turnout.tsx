import { useTranslation } from '@/lib/i18n'
import { useFormat } from '@/lib/format'
import { Local, useLocal } from '@/ui/text'
import type { Round } from '@/data/round'
import { bandOf, turnoutRows, used, type PaperTurnout, type TurnoutRow, type TurnoutTable } from '@/data/statistics'
import { Share, Table, Told } from './Table'

/** Who used the right to vote, of one paper: by area, by age, by channel and from day to day. */
export function Turnout({ round, paper }: { round: Round; paper: PaperTurnout }) {
  const { t } = useTranslation('statistics')
  const { number, percent, date } = useFormat()
  const several = round.settings.papers.length > 1
  const Heading = several ? 'h4' : 'h3'
  const name = round.settings.papers.find(({ id }) => id === paper.paper)?.name
  const all = used(paper)
  const channels = (['online', 'assisted', 'on_paper'] as const).filter((channel) => paper[channel] > 0)
  return (
    <div className="stack">
      {several && name && (
        <h3>
          <Local text={name} />
        </h3>
      )}
      <p className="lead">
        {t('turnout.of', {
          used: number(all),
          rights: number(paper.rights),
          share: percent(paper.rights > 0 ? all / paper.rights : 0),
        })}
      </p>
      <ByFeature heading={Heading} round={round} feature="area" table={paper.areas} />
      <ByFeature heading={Heading} round={round} feature="age" table={paper.ages} />
      <section className="stack-s">
        <Heading>{t('turnout.channel')}</Heading>
        <Table
          caption={t('turnout.channel')}
          head={[t('channel'), t('voted'), t('share_of_votes')]}
          lines={channels.map((channel) => ({
            key: channel,
            name: t(`channels.${channel}`),
            cells: [number(paper[channel]), percent(all > 0 ? paper[channel] / all : 0)],
          }))}
        />
      </section>
      {paper.days.length > 0 && (
        <section className="stack-s">
          <Heading>{t('turnout.day')}</Heading>
          <p>{t('turnout.day_help')}</p>
          <Table
            caption={t('turnout.day')}
            head={[t('day'), ...channels.map((channel) => t(`channels.${channel}`)), t('voted')]}
            lines={paper.days.map((day) => ({
              key: day.from,
              name: day.from === day.to ? date(day.from) : `${date(day.from)} – ${date(day.to)}`,
              cells: [...channels.map((channel) => number(day[channel])), number(used(day))],
            }))}
          />
        </section>
      )}
    </div>
  )
}

/** A row's name: an area, a band of ages, or those of whom neither is told. */
export function useRowName(round: Round): (feature: 'area' | 'age', rows: TurnoutRow[], row: TurnoutRow) => string {
  const { t } = useTranslation('statistics')
  const local = useLocal()
  const band = ([from, to]: [number | undefined, number | undefined]) =>
    from === undefined
      ? t('under', { age: (to ?? 0) + 1 })
      : to === undefined
        ? t('over', { age: from })
        : `${String(from)}–${String(to)}`
  return (feature, rows, { key, unknown }) => {
    if (key === 'unknown') return t('unknown')
    const name =
      feature === 'age' ? band(bandOf(rows, key)) : local(round.settings.areas.find(({ id }) => id === key)?.name)
    return unknown ? t('and_unknown', { name }) : name
  }
}

function ByFeature({
  heading: Heading,
  round,
  feature,
  table,
}: {
  heading: 'h3' | 'h4'
  round: Round
  feature: 'area' | 'age'
  table: TurnoutTable
}) {
  const { t } = useTranslation('statistics')
  const nameOf = useRowName(round)
  const rows = turnoutRows(table)
  return (
    <section className="stack-s">
      <Heading>{t(`turnout.${feature}`)}</Heading>
      {table.few ? (
        <p>{t('few')}</p>
      ) : (
        <Table
          caption={t(`turnout.${feature}`)}
          head={[t(feature), t('rights'), t('voted'), t('share')]}
          lines={rows.map((row) => ({
            key: row.key,
            name: nameOf(feature, rows, row),
            cells: [
              <Told key="rights" number={row.rights} />,
              <Told key="used" number={row.used} />,
              <Share key="share" of={row.rights} used={row.used} />,
            ],
          }))}
        />
      )}
    </section>
  )
}
