import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useFormat } from '@/lib/format'
import { Local, useLocal } from '@/ui/text'
import { versionsQuery } from '@/data/proposal'
import type { Round } from '@/data/round'
import type { DeliveryReport, DeliveryStory } from '@/data/delivery'
import style from './delivery.module.css'

interface Moment {
  key: string
  at: string
  heading: string
  body?: ReactNode
}

/** From the proposal to the last report, the newest last: all that was told, and nothing taken back. */
export function Timeline({ round, story }: { round: Round; story: DeliveryStory }) {
  const { t } = useTranslation('delivery')
  const { date } = useFormat()
  const local = useLocal()
  // What the idea's page cannot tell does not keep the rest from being shown.
  const versions = useQuery(versionsQuery(round.id, story.project.proposal)).data ?? []
  const first = (action: string) => versions.find((one) => one.action === action)
  const idea: Moment[] = (['submit', 'place'] as const).flatMap((action) => {
    const found = first(action)
    return found
      ? [{ key: action, at: found.at, heading: t(action === 'submit' ? 'timeline.submitted' : 'timeline.placed') }]
      : []
  })
  const nameOf = (division: string) => local(story.divisions.find(({ id }) => id === division)?.name) || division
  const headingOf = (report: DeliveryReport) => {
    const site = story.sites.find((one) => one.site === report.site)
    switch (report.action) {
      case 'open':
        return t('timeline.open')
      case 'assign': {
        const from = story.reports.findLast(
          (one) => one.site === report.site && one.version < report.version && one.division !== '',
        )?.division
        return [
          from
            ? t('timeline.assign_from', { from: nameOf(from), division: nameOf(report.division) })
            : t('timeline.assign', { division: nameOf(report.division) }),
          ...(site ? [t('project.site', { name: local(site.name) })] : []),
        ].join(' · ')
      }
      case 'add':
        return t('timeline.add', { name: local(site?.name) })
      case 'report':
        return [
          t(`phase.${report.phase}`),
          ...(report.standing === 'on_course' ? [] : [t(`standing.${report.standing}`)]),
          ...(site ? [t('project.site', { name: local(site.name) })] : []),
        ].join(' · ')
    }
  }
  const moments: Moment[] = [
    ...idea,
    ...story.reports.map((report) => ({
      key: `${String(report.site)}.${String(report.version)}`,
      at: report.at,
      heading: headingOf(report),
      body: <Told report={report} />,
    })),
  ]
  return (
    <section className="stack">
      <h2>{t('timeline.heading')}</h2>
      <ol className={`plain ${style.timeline}`}>
        {moments.map(({ key, at, heading, body }) => (
          <li key={key} className="stack-s">
            <h3>{heading}</h3>
            <p className={style.when}>
              <time dateTime={at}>{date(at)}</time>
            </p>
            {body}
          </li>
        ))}
      </ol>
    </section>
  )
}

/** What one report says. */
function Told({ report }: { report: DeliveryReport }) {
  const { t } = useTranslation('delivery')
  const { date } = useFormat()
  return (
    <>
      {report.reason && report.action === 'report' && (
        <p className={style.lines}>
          <Local text={report.reason} />
        </p>
      )}
      {report.news && (
        <p className={style.lines}>
          <Local text={report.news} />
        </p>
      )}
      {report.erased && <p className="muted">{t('timeline.erased')}</p>}
      {report.dates.length > 0 && (
        <ul>
          {report.dates.map(({ phase, first, promised, actual }) => (
            <li key={phase}>
              {actual
                ? t(phase === 'done' ? 'timeline.done' : 'timeline.reached', {
                    phase: t(`phase.${phase}`),
                    date: date(actual),
                  })
                : t(first && first !== promised ? 'timeline.moved_from' : 'timeline.moved', {
                    phase: t(`phase.${phase}`),
                    date: promised ? date(promised) : '',
                    first: first ? date(first) : '',
                  })}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
