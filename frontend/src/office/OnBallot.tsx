import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { ballotQuery } from '@/data/office'
import type { Round } from '@/data/round'
import { ask, office, type Schemas } from '@/lib/api'
import { useFormat, useLang } from '@/lib/format'
import { Problem } from '@/lib/problem'
import { Ask } from '@/ui/Ask'
import { Newer } from '@/ui/form/Newer'
import { Button, Checkbox, Confirm } from '@/ui/hds'
import { Trouble } from '@/ui/problem/Trouble'
import { Local, useLocal } from '@/ui/text'
import { Scroll } from './Scroll'
import { editable, useBallotChange } from './useBallotChange'
import styles from './office.module.css'

/** The projects that are voted on, and what may be done with them until the freeze. */
export function Projects({ round }: { round: Round }) {
  return (
    <Ask query={useQuery(ballotQuery(round.id))}>
      {({ projects, version }) => <OnBallot round={round} projects={projects} version={version} />}
    </Ask>
  )
}

interface Numbered {
  round: Round
  /** Of the ballot, as it is shown. */
  version: string
  /** After a change of one's own. */
  onChanged: () => void
}

function OnBallot({ round, projects, version }: Omit<Numbered, 'onChanged'> & { projects: Schemas['Project'][] }) {
  const { t } = useTranslation('office')
  const lang = useLang()
  const { number } = useFormat()
  const heading = useRef<HTMLHeadingElement>(null)
  const changed = useRef(false)
  const [chosen, setChosen] = useState<number[]>([])
  // The button that had the focus is gone once the changed ballot is shown.
  useEffect(() => {
    if (changed.current) heading.current?.focus()
    changed.current = false
  }, [version])
  const shown = {
    round,
    version,
    onChanged: () => {
      changed.current = true
      setChosen([])
    },
  }
  return (
    <section className="stack">
      <h2 ref={heading} tabIndex={-1}>
        {t('ballot.projects')}
      </h2>
      <p>{t('ballot.count', { count: projects.length, number: number(projects.length) })}</p>
      {projects.length > 0 && (
        <p className="actions">
          {(['xlsx', 'csv'] as const).map((format) => (
            <a
              key={format}
              href={`/api/v1/rounds/${round.id}/ballot/export?format=${format}&language=${lang}`}
              download={`${round.id}-projects.${format}`}
            >
              {t(`ballot.export_${format}`)}
            </a>
          ))}
        </p>
      )}
      {editable.includes(round.phase) && projects.length > 1 && <Numbering {...shown} />}
      {editable.includes(round.phase) && projects.length > 1 && (
        <TakingOff {...shown} projects={projects} chosen={chosen} onChoose={setChosen} />
      )}
      <Overview areas={round.settings.areas} projects={projects} />
      {round.settings.areas
        .map((area) => ({ area, own: projects.filter((project) => project.area === area.id) }))
        .filter(({ own }) => own.length > 0)
        .map(({ area, own }) => (
          <AreaProjects key={area.id} {...shown} area={area} projects={own} chosen={chosen} onChoose={setChosen} />
        ))}
    </section>
  )
}

/** Every number may become another: asked before. */
function Numbering({ round, version, onChanged }: Numbered) {
  const { t } = useTranslation('office')
  const [open, setOpen] = useState(false)
  const close = () => {
    setOpen(false)
  }
  const renumber = useBallotChange(
    round.id,
    (version: string) =>
      ask(
        office.POST('/api/v1/rounds/{round}/projects/numbering', {
          params: { path: { round: round.id } },
          body: { version },
        }),
      ),
    t('ballot.numbered'),
    onChanged,
  )
  return (
    <>
      {renumber.error && <Trouble cause={renumber.error} />}
      <div className="actions">
        <Button
          small
          variant="secondary"
          onClick={() => {
            setOpen(true)
          }}
        >
          {t('ballot.number')}
        </Button>
      </div>
      <Confirm
        open={open}
        title={t('ballot.number_title')}
        action={t('ballot.number')}
        keep={t('back')}
        busy={renumber.isPending}
        gentle
        onConfirm={() => {
          renumber.mutate(version, { onSettled: close })
        }}
        onClose={close}
      >
        <p>{t('ballot.number_text')}</p>
      </Confirm>
    </>
  )
}

/** Several projects leave the ballot together: asked before. If the ballot became another one, they are chosen anew. */
function TakingOff({
  round,
  version,
  onChanged,
  projects,
  chosen,
  onChoose,
}: Numbered & { projects: Schemas['Project'][]; chosen: number[]; onChoose: (chosen: number[]) => void }) {
  const { t } = useTranslation('office')
  const { number } = useFormat()
  const [open, setOpen] = useState(false)
  const close = () => {
    setOpen(false)
  }
  const remove = useBallotChange(
    round.id,
    (numbers: number[]) =>
      ask(
        office.POST('/api/v1/rounds/{round}/projects/removal', {
          params: { path: { round: round.id } },
          body: { projects: numbers, version },
        }),
      ),
    t('ballot.removed_chosen'),
    onChanged,
  )
  const all = chosen.length === projects.length
  const take = () => {
    remove.mutate(chosen, {
      onSettled: close,
      onError: () => {
        onChoose([])
      },
    })
  }
  return (
    <>
      {remove.error && <Trouble cause={remove.error} />}
      <div className="actions">
        <Button
          small
          variant="secondary"
          onClick={() => {
            onChoose(all ? [] : projects.map((project) => project.number))
          }}
        >
          {all ? t('ballot.choose_none') : t('ballot.choose_all', { number: number(projects.length) })}
        </Button>
        {chosen.length > 0 && (
          <Button
            small
            variant="secondary"
            onClick={() => {
              setOpen(true)
            }}
          >
            {t('ballot.remove_chosen', { number: number(chosen.length) })}
          </Button>
        )}
      </div>
      <Confirm
        open={open}
        title={t('ballot.remove_chosen_title')}
        action={t('ballot.remove_chosen', { number: number(chosen.length) })}
        keep={t('back')}
        busy={remove.isPending}
        onConfirm={take}
        onClose={close}
      >
        <p>{t('ballot.remove_chosen_text')}</p>
      </Confirm>
    </>
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
            <th scope="col" className={styles.sum}>
              {t('ballot.count_column')}
            </th>
            <th scope="col" className={styles.sum}>
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
                <td className={styles.sum}>{number(own.length)}</td>
                <td className={styles.sum}>
                  {euros(reserved(own))}
                  <span className={styles.of}>{t('ballot.of', { pot: euros(pot) })}</span>
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
  version,
  onChanged,
  chosen,
  onChoose,
}: Numbered & {
  area: Schemas['Area']
  projects: Schemas['Project'][]
  /** Numbers of those that are to leave together. */
  chosen: number[]
  onChoose: (chosen: number[]) => void
}) {
  const { t } = useTranslation('office')
  const { euros } = useFormat()
  const local = useLocal()
  const [leaving, setLeaving] = useState<Schemas['Project']>()
  const open = editable.includes(round.phase)
  const remove = useBallotChange(
    round.id,
    ({ seen, version }: { seen: Schemas['Project']; version: string }) =>
      ask(
        office.DELETE('/api/v1/rounds/{round}/projects/{project}', {
          params: { path: { round: round.id, project: seen.number }, query: { version } },
        }),
      ),
    t('ballot.removed'),
    onChanged,
  )
  // A colleague changed the ballot meanwhile: what was to leave it may stand under another number, or be gone.
  const stale = remove.error instanceof Problem && remove.error.outdated ? remove.variables : undefined
  const there = stale && projects.find(({ proposal }) => proposal === stale.seen.proposal)
  const moved = stale && stale.version !== version && there?.number !== stale.seen.number
  const written = (project?: Schemas['Project']) => ({
    project: project ? `${String(project.number)}. ${local(project.title)}` : '',
  })
  return (
    <section className="stack">
      <h3>
        <Local text={area.name} />
      </h3>
      {remove.error && !moved && <Trouble cause={remove.error} />}
      {moved && (
        <Newer
          base={written(stale.seen)}
          mine={written()}
          theirs={written(there)}
          onChoose={({ project }) => {
            if (!project && there) remove.mutate({ seen: there, version })
            else remove.reset()
          }}
        />
      )}
      <Scroll label={local(area.name)}>
        <table className={styles.projects}>
          <thead>
            <tr>
              {open && (
                <th scope="col">
                  <span className="visually-hidden">{t('ballot.chosen')}</span>
                </th>
              )}
              <th scope="col">{t('ballot.no')}</th>
              <th scope="col">{t('ballot.name')}</th>
              <th scope="col" className={styles.sum}>
                {t('ballot.reserved')}
              </th>
              {open && (
                <th scope="col" className={styles.sum}>
                  {t('ballot.action')}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {projects.map((project) => (
              <tr key={project.number}>
                {open && (
                  <td>
                    <Checkbox
                      label={
                        <span className="visually-hidden">
                          {t('ballot.choose_project', { number: project.number })}
                        </span>
                      }
                      checked={chosen.includes(project.number)}
                      onChange={(event) => {
                        onChoose(
                          event.target.checked
                            ? [...chosen, project.number]
                            : chosen.filter((one) => one !== project.number),
                        )
                      }}
                    />
                  </td>
                )}
                <td>{project.number}</td>
                <th scope="row">
                  <Local text={project.title} />
                </th>
                <td className={styles.sum}>{euros(project.reserved_cost)}</td>
                {open && (
                  <td className={styles.sum}>
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
      <Confirm
        open={leaving !== undefined}
        title={t('ballot.remove_title')}
        action={t('ballot.remove')}
        keep={t('back')}
        busy={remove.isPending}
        onConfirm={() => {
          if (leaving)
            remove.mutate(
              { seen: leaving, version },
              {
                onSettled: () => {
                  setLeaving(undefined)
                },
              },
            )
        }}
        onClose={() => {
          setLeaving(undefined)
        }}
      >
        <p>{leaving && t('ballot.remove_text', { title: local(leaving.title) })}</p>
      </Confirm>
    </section>
  )
}
