import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { acceptedQuery } from '@/data/office'
import type { Round } from '@/data/round'
import { ask, office } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { Ask } from '@/ui/Ask'
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
  const place = useBallotChange(
    round.id,
    (proposals: number[]) =>
      ask(
        office.POST('/api/v1/rounds/{round}/projects', { params: { path: { round: round.id } }, body: { proposals } }),
      ),
    t('ballot.placed'),
  )
  const put = (proposals: number[]) => {
    place.mutate(proposals, {
      onSuccess: () => {
        setChosen([])
      },
    })
  }
  return (
    <section className="stack">
      <h2>{t('ballot.accepted')}</h2>
      {place.error && <Trouble cause={place.error} />}
      <Ask query={query}>
        {({ pages }) => {
          const proposals = pages.flatMap((page) => page.proposals)
          if (proposals.length === 0) return <p>{t('ballot.none_accepted')}</p>
          return (
            <>
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
                    onClick={() => {
                      put(chosen)
                    }}
                  >
                    {t('ballot.place_chosen', { number: number(chosen.length) })}
                  </Button>
                )}
                <Button
                  variant={chosen.length > 0 ? 'secondary' : 'primary'}
                  busy={place.isPending}
                  onClick={() => {
                    put([])
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
