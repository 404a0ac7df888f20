import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/hds'
import type { Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { Local, useLocal } from '@/ui/text'
import type { Round } from '@/data/round'
import { ProjectTable } from './ProjectTable'

type AreaResult = Schemas['AreaResult']

/** How many of those that were not funded are shown at first. */
const firstFew = 10

/** One area: the money, what is built, and for each of the others why not. */
export function AreaOutcome({ round, outcome }: { round: Round; outcome: AreaResult }) {
  const { t } = useTranslation('results')
  const local = useLocal()
  const { euros, number } = useFormat()
  const [all, setAll] = useState(false)
  const heading = useRef<HTMLHeadingElement>(null)
  const several = round.settings.areas.length > 1
  useEffect(() => {
    // The area was chosen by a link above: go to it.
    if (!several) return
    heading.current?.focus()
    heading.current?.scrollIntoView({ block: 'start' })
  }, [several])

  const name = round.settings.areas.find(({ id }) => id === outcome.area)?.name ?? { fi: outcome.area }
  const funded = outcome.projects.filter(({ selected }) => selected)
  const others = outcome.projects.filter(({ selected }) => !selected)
  const next = others.find(({ withdrawn }) => !withdrawn)
  return (
    <section className="stack outcome">
      <h2 ref={heading} tabIndex={-1}>
        <Local text={name} />
      </h2>
      <dl className="figures">
        <div>
          <dt>{t('area.pot')}</dt>
          <dd>{euros(outcome.pot)}</dd>
        </div>
        <div>
          <dt>{t('area.spent')}</dt>
          <dd>{euros(outcome.spent)}</dd>
        </div>
        <div>
          <dt>{t('area.left')}</dt>
          <dd>{euros(outcome.left)}</dd>
        </div>
        <div>
          <dt>{t('area.ballots')}</dt>
          <dd>{number(outcome.ballots)}</dd>
        </div>
      </dl>
      <progress max={Math.max(outcome.pot, 1)} value={outcome.spent} aria-label={t('area.used')} />
      {outcome.withheld && <p>{t('area.withheld')}</p>}
      {outcome.blank > 0 && (
        <p className="muted">{t('area.blank', { count: outcome.blank, number: number(outcome.blank) })}</p>
      )}

      <h3>{t('funded.heading')}</h3>
      {funded.length === 0 ? (
        <p>{t('funded.none')}</p>
      ) : (
        <ProjectTable caption={t('funded.heading')} projects={funded} />
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
          <ProjectTable caption={t('others.heading')} projects={all ? others : others.slice(0, firstFew)} why />
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
