import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Checkbox, Dialog } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { Ask } from '@/ui/Ask'
import { ask, office, type Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { Local, useLocal } from '@/ui/text'
import { Trouble } from '@/ui/problem/Trouble'
import type { Round } from '@/data/round'
import { acceptedQuery, projectsQuery } from '@/data/office'
import { RoundPage } from './RoundPage'
import { Scroll } from './Scroll'

const editable: Round['phase'][] = ['draft', 'proposing', 'vetting']

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

/** Runs a change of the ballot and shows its new state everywhere. */
function useBallotChange<Input>(round: string, change: (input: Input) => Promise<unknown>, done: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: keys.round(round) })
      void cache.invalidateQueries({ queryKey: keys.proposals(round) })
      announce(done)
    },
  })
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

function Projects({ round }: { round: Round }) {
  const { t } = useTranslation('office')
  const { number } = useFormat()
  const query = useQuery(projectsQuery(round.id))
  const renumber = useBallotChange(
    round.id,
    () => ask(office.POST('/api/v1/rounds/{round}/projects/numbering', { params: { path: { round: round.id } } })),
    t('ballot.numbered'),
  )
  return (
    <section className="stack">
      <h2>{t('ballot.projects')}</h2>
      {renumber.error && <Trouble cause={renumber.error} />}
      <Ask query={query}>
        {(projects) => (
          <>
            <p>{t('ballot.count', { count: projects.length, number: number(projects.length) })}</p>
            {editable.includes(round.phase) && projects.length > 1 && (
              <div className="actions">
                <Button
                  small
                  variant="secondary"
                  busy={renumber.isPending}
                  onClick={() => {
                    renumber.mutate(undefined)
                  }}
                >
                  {t('ballot.number')}
                </Button>
              </div>
            )}
            <Overview areas={round.settings.areas} projects={projects} />
            {round.settings.areas
              .map((area) => ({ area, own: projects.filter((project) => project.area === area.id) }))
              .filter(({ own }) => own.length > 0)
              .map(({ area, own }) => (
                <AreaProjects key={area.id} round={round} area={area} projects={own} />
              ))}
          </>
        )}
      </Ask>
    </section>
  )
}

const reserved = (projects: Schemas['Project'][]) => projects.reduce((sum, { reserved_cost }) => sum + reserved_cost, 0)

/** What the projects would cost against what there is, area by area. */
function Overview({ areas, projects }: { areas: Schemas['Area'][]; projects: Schemas['Project'][] }) {
  const { t } = useTranslation('office')
  const { euros, number } = useFormat()
  return (
    <Scroll label={t('ballot.overview')}>
      <table>
        <caption>{t('ballot.overview')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('ballot.area')}</th>
            <th scope="col" className="office-sum">
              {t('ballot.count_column')}
            </th>
            <th scope="col" className="office-sum">
              {t('ballot.reserved')}
            </th>
          </tr>
        </thead>
        <tbody>
          {areas.map(({ id, name, pot }) => {
            const own = projects.filter(({ area }) => area === id)
            return (
              <tr key={id}>
                <th scope="row">
                  <Local text={name} />
                </th>
                <td className="office-sum">{number(own.length)}</td>
                <td className="office-sum">
                  {euros(reserved(own))}
                  <span className="office-of">{t('ballot.of', { pot: euros(pot) })}</span>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Scroll>
  )
}

/** An area's projects, each to be taken off while the ballot is open to change. */
function AreaProjects({
  round,
  area,
  projects,
}: {
  round: Round
  area: Schemas['Area']
  projects: Schemas['Project'][]
}) {
  const { t } = useTranslation('office')
  const { euros } = useFormat()
  const local = useLocal()
  const [leaving, setLeaving] = useState<Schemas['Project']>()
  const remove = useBallotChange(
    round.id,
    (project: number) =>
      ask(
        office.DELETE('/api/v1/rounds/{round}/projects/{project}', { params: { path: { round: round.id, project } } }),
      ),
    t('ballot.removed'),
  )
  return (
    <section className="stack">
      <h3>
        <Local text={area.name} />
      </h3>
      {remove.error && <Trouble cause={remove.error} />}
      <Scroll label={local(area.name)}>
        <table className="office-projects">
          <thead>
            <tr>
              <th scope="col">{t('ballot.no')}</th>
              <th scope="col">{t('ballot.name')}</th>
              <th scope="col" className="office-sum">
                {t('ballot.reserved')}
              </th>
              {editable.includes(round.phase) && (
                <th scope="col" className="office-sum">
                  {t('ballot.action')}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {projects.map((project) => (
              <tr key={project.number}>
                <td>{project.number}</td>
                <th scope="row">
                  <Local text={project.title} />
                </th>
                <td className="office-sum">{euros(project.reserved_cost)}</td>
                {editable.includes(round.phase) && (
                  <td className="office-sum">
                    <Button
                      small
                      variant="supplementary"
                      aria-label={t('ballot.remove_project', { number: project.number })}
                      onClick={() => {
                        setLeaving(project)
                      }}
                    >
                      {t('ballot.remove')}
                    </Button>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <Dialog
        open={leaving !== undefined}
        title={t('ballot.remove_title')}
        onClose={() => {
          setLeaving(undefined)
        }}
        actions={
          <>
            <Button
              variant="danger"
              busy={remove.isPending}
              onClick={() => {
                if (leaving)
                  remove.mutate(leaving.number, {
                    onSettled: () => {
                      setLeaving(undefined)
                    },
                  })
              }}
            >
              {t('ballot.remove')}
            </Button>
            <Button
              variant="secondary"
              onClick={() => {
                setLeaving(undefined)
              }}
            >
              {t('back')}
            </Button>
          </>
        }
      >
        <p>{leaving && t('ballot.remove_text', { title: local(leaving.title) })}</p>
      </Dialog>
    </section>
  )
}
