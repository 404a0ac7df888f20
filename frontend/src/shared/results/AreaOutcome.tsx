import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button } from '@/ui/hds'
import { explanationQuery, onBallotQuery, type AreaResult } from '@/data/results'
import { useFormat } from '@/lib/format'
import { Local, useLocal } from '@/ui/text'
import type { Round } from '@/data/round'
import { CountStory } from './CountStory'
import { MoneyBar } from './MoneyBar'
import { OtherRule } from './OtherRule'
import { ProjectRows } from './ProjectRows'
import { ProjectTable } from './ProjectTable'
import { Satisfied } from './Satisfied'
import style from './rows.module.css'
import { classes } from '@/lib/classes'
import styles from './results.module.css'

/** How many of those that were not funded are shown at first. */
const firstFew = 10

/** One area: the money, what is built, for each of the others why not and what it lacked, and how the count went. */
export function AreaOutcome({ round, outcome }: { round: Round; outcome: AreaResult }) {
  const { t } = useTranslation('results')
  const local = useLocal()
  const { euros, number, percent } = useFormat()
  const [all, setAll] = useState(false)
  const heading = useRef<HTMLHeadingElement>(null)
  // Explains more, but what is here stands without it.
  const { data: explanation } = useQuery(explanationQuery(round.id, outcome.area))
  const { data: known } = useQuery(onBallotQuery(round.id))
  const several = round.settings.areas.length > 1
  useEffect(() => {
    // The area was chosen by a link above: go to it.
    if (!several) return
    heading.current?.focus()
    heading.current?.scrollIntoView({ block: 'start' })
  }, [several])

  const area = round.settings.areas.find(({ id }) => id === outcome.area)
  const funded = outcome.projects.filter(({ selected }) => selected)
  const others = outcome.projects.filter(({ selected }) => !selected)
  const next = others.find(({ withdrawn }) => !withdrawn)
  const reasons = new Map(explanation?.projects.map((reason) => [reason.project, reason]))
  const rows = {
    round: round.id,
    known,
    reasons,
    most: Math.max(...outcome.projects.map(({ votes = 0, points = votes }) => points)),
  }
  const figures = [
    [t('area.pot'), euros(outcome.pot)],
    [t('area.spent'), euros(outcome.spent)],
    [t('area.left'), euros(outcome.left)],
    [t('area.ballots'), number(outcome.ballots)],
    ...(area && area.population > 0 ? [[t('area.turnout'), percent(outcome.ballots / area.population)]] : []),
    ...(outcome.ballots > 0 ? [[t('area.each'), euros(Math.round(outcome.spent / outcome.ballots / 100) * 100)]] : []),
  ]
  return (
    <section className={classes('stack', styles.outcome)}>
      <h2 ref={heading} tabIndex={-1}>
        <Local text={area?.name ?? { fi: outcome.area }} />
      </h2>
      <dl className={styles.figures}>
        {figures.map(([name, figure]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{figure}</dd>
          </div>
        ))}
      </dl>
      <MoneyBar outcome={outcome} />
      {outcome.withheld && <p>{t('area.withheld')}</p>}
      {outcome.blank > 0 && (
        <p className="muted">{t('area.blank', { count: outcome.blank, number: number(outcome.blank) })}</p>
      )}

      <h3>{t('funded.heading')}</h3>
      {funded.length === 0 ? (
        <p>
          {t(
            outcome.ballots === 0
              ? 'funded.nobody'
              : outcome.blank === outcome.ballots
                ? 'funded.blank'
                : 'funded.none',
          )}
        </p>
      ) : (
        <ProjectRows {...rows} projects={funded} />
      )}

      {others.length > 0 && (
        <>
          <h3>{t('others.heading')}</h3>
          {next?.missing !== undefined && (
            <p>
              {t('others.next', {
                title: local(next.title),
                left: euros(next.left_before),
                cost: euros(next.cost),
                missing: euros(next.missing),
              })}
            </p>
          )}
          <ProjectRows {...rows} projects={all ? others : others.slice(0, firstFew)} />
          {!all && others.length > firstFew && (
            <div className="actions">
              <Button
                variant="secondary"
                onClick={() => {
                  setAll(true)
                }}
              >
                {t('others.more', { count: others.length, number: number(others.length) })}
              </Button>
            </div>
          )}
        </>
      )}
      <CountStory outcome={outcome} />
      {explanation?.measures && <Satisfied measures={explanation.measures} />}
      {explanation && <OtherRule outcome={outcome} explanation={explanation} />}
      <details className={style.other}>
        <summary>{t('table.heading')}</summary>
        <ProjectTable caption={t('table.heading')} projects={outcome.projects} />
      </details>
      {outcome.ties.length > 0 && <Ties ties={outcome.ties} />}
    </section>
  )
}

function Ties({ ties }: { ties: AreaResult['ties'] }) {
  const { t } = useTranslation('results')
  return (
    <>
      <h3>{t('ties.heading')}</h3>
      <ul>
        {ties.map(({ projects, broken_by }) => (
          <li key={projects.join()}>{t(`ties.${broken_by}`, { projects: projects.join(', ') })}</li>
        ))}
      </ul>
    </>
  )
}
