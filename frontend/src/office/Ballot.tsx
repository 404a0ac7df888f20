import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { acceptedQuery, ballotQuery } from '@/data/office'
import type { Round } from '@/data/round'
import { ask, office, type Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { Problem } from '@/lib/problem'
import { Ask } from '@/ui/Ask'
import { Newer } from '@/ui/form/Newer'
import { isSame } from '@/ui/form/newer'
import { Button, Checkbox } from '@/ui/hds'
import { Trouble } from '@/ui/problem/Trouble'
import { useLocal } from '@/ui/text'
import { Projects } from './OnBallot'
import { RoundPage } from './RoundPage'
import { editable, useBallotChange } from './useBallotChange'

/** What will be voted on: accepted proposals to put on the ballot, and the projects that are on it. */
export function Ballot() {
  const { t } = useTranslation('office')
  return (
    <RoundPage title={t('ballot.title')} lead={t('ballot.about')}>
      {(round) => (
        <>
          {editable.includes(round.phase) && <Accepted round={round} />}
          <Projects round={round} />
        </>
      )}
    </RoundPage>
  )
}

function Accepted({ round }: { round: Round }) {
  const { t } = useTranslation('office')
  const { euros, number } = useFormat()
  const local = useLocal()
  const [chosen, setChosen] = useState<number[]>([])
  const query = useInfiniteQuery(acceptedQuery(round.id))
  const ballot = useQuery(ballotQuery(round.id)).data
  const place = useBallotChange(
    round.id,
    ({ proposals, seen }: { proposals: number[]; seen: Schemas['Ballot'] }) =>
      ask(
        office.POST('/api/v1/rounds/{round}/projects', {
          params: { path: { round: round.id } },
          body: { proposals, version: seen.version },
        }),
      ),
    t('ballot.placed'),
  )
  const put = (proposals: number[], seen: Schemas['Ballot']) => {
    place.mutate(
      { proposals, seen },
      {
        onSuccess: () => {
          setChosen([])
        },
      },
    )
  }
  // A colleague changed the ballot meanwhile: what she did stands beside what I was about to do.
  const stale = place.error instanceof Problem && place.error.outdated ? place.variables : undefined
  const newer = stale && ballot && stale.seen.version !== ballot.version ? { ...stale, ballot } : undefined
  const linesOf = (some: Schemas['Project'][], others: Schemas['Project'][]) =>
    some
      .filter((one) => !others.some(({ number, proposal }) => number === one.number && proposal === one.proposal))
      .map((one) => `${String(one.number)}. ${local(one.title)}`)
  return (
    <section className="stack">
      <h2>{t('ballot.accepted')}</h2>
      {place.error && !newer && <Trouble cause={place.error} />}
      <Ask query={query}>
        {({ pages }) => {
          const proposals = pages.flatMap((page) => page.proposals)
          if (proposals.length === 0) return <p>{t('ballot.none_accepted')}</p>
          return (
            <>
              {newer && (
                <Newer
                  base={{ projects: linesOf(newer.seen.projects, newer.ballot.projects) }}
                  mine={{
                    projects:
                      newer.proposals.length > 0
                        ? proposals.filter(({ id }) => newer.proposals.includes(id)).map(({ text }) => text.title ?? '')
                        : [t('ballot.place_all', { number: number(pages[0]?.total ?? 0) })],
                  }}
                  theirs={{ projects: linesOf(newer.ballot.projects, newer.seen.projects) }}
                  onChoose={(goesOn) => {
                    const theirs = linesOf(newer.ballot.projects, newer.seen.projects)
                    if (isSame(goesOn.projects, theirs)) {
                      setChosen([])
                      place.reset()
                    } else put(newer.proposals, newer.ballot)
                  }}
                />
              )}
              <ul className="plain stack">
                {proposals.map(({ id, text, cost }) => (
                  <li key={id}>
                    <Checkbox
                      label={
                        <>
                          <strong lang={text.language}>{text.title}</strong>,{' '}
                          {local(round.settings.areas.find((area) => area.id === text.area)?.name)}
                          {cost && `, ${euros(cost.maximum)}`}
                        </>
                      }
                      checked={chosen.includes(id)}
                      onChange={(event) => {
                        setChosen(event.target.checked ? [...chosen, id] : chosen.filter((one) => one !== id))
                      }}
                    />
                  </li>
                ))}
              </ul>
              {query.hasNextPage && (
                <Button
                  small
                  variant="supplementary"
                  busy={query.isFetchingNextPage}
                  onClick={() => void query.fetchNextPage()}
                >
                  {t('more')}
                </Button>
              )}
              <div className="actions">
                {chosen.length > 0 && (
                  <Button
                    busy={place.isPending}
                    disabled={!ballot || newer !== undefined}
                    onClick={() => {
                      if (ballot) put(chosen, ballot)
                    }}
                  >
                    {t('ballot.place_chosen', { number: number(chosen.length) })}
                  </Button>
                )}
                <Button
                  variant={chosen.length > 0 ? 'secondary' : 'primary'}
                  busy={place.isPending}
                  disabled={!ballot || newer !== undefined}
                  onClick={() => {
                    if (ballot) put([], ballot)
                  }}
                >
                  {t('ballot.place_all', { number: number(pages[0]?.total ?? 0) })}
                </Button>
              </div>
            </>
          )
        }}
      </Ask>
    </section>
  )
}
