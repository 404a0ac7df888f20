import { useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Navigate, useLocation, useParams } from 'react-router'
import { Select, TextInput } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { useFavourites } from '@/resident/favourite/favourites'
import { useFormat } from '@/lib/format'
import { Local, useLocal, type Text } from '@/ui/text'
import { Missing } from '@/ui/Missing'
import { search } from '@/lib/words'
import { Bar, whyId } from './Bar'
import { areaOf, entryOf, obstacle, picksOf, toggle, type Obstacle } from './basket'
import { ordered, orders, type Order } from './order'
import { arrivedFor, useVoting, type BallotProject } from './voting'
import type { ManifestArea, ManifestPaper } from '@/receipt/crypto/manifest'
import { Standing } from './Notices'
import { PaperName } from './PaperName'
import { ProjectCard } from './ProjectCard'
import { Step } from './Step'

/** Step 2: what to vote for. */
export function Projects() {
  const { manifest, basket, at } = useVoting()
  const { paper: id } = useParams()
  const paper = manifest.papers.find((paper) => paper.id === id)
  if (!paper) return <Missing />
  const area = manifest.areas.find(({ id }) => id === areaOf(paper, entryOf(basket, paper.id)))
  if (!area) return <Navigate to={at(`paper/${paper.id}`)} replace />
  return <ProjectsOf key={paper.id} paper={paper} area={area} />
}

function ProjectsOf({ paper, area }: { paper: ManifestPaper; area: ManifestArea }) {
  const { t } = useTranslation(['vote', 'proposal'])
  const { round, projects, basket, change, at } = useVoting()
  const { euros } = useFormat()
  const [filter, setFilter] = useState<Wanted>({ words: '', theme: '', order: 'day' })
  const favourites = useFavourites(round.id)
  const marked = arrivedFor(useLocation().state)
  const [full, setFull] = useState<{ number: number; why: Obstacle }>()

  const all = useMemo(() => projects.filter((project) => project.area === area.id), [projects, area.id])
  const words = useDeferredValue(filter.words)
  const shown = useMemo(() => {
    const found = search(
      all.filter(({ theme }) => !filter.theme || theme === filter.theme),
      saidOf,
      words,
    )
    // The project that one came for stands first.
    const [here, others] = [
      found.filter(({ number }) => number === marked),
      found.filter(({ number }) => number !== marked),
    ]
    return [...here, ...ordered(others, filter.order, favourites)]
  }, [all, words, filter.theme, filter.order, favourites, marked])

  const entry = entryOf(basket, paper.id)
  const picks = picksOf(paper, entry)
  const spent = all.filter(({ number }) => picks.includes(number)).reduce((sum, { cost }) => sum + cost, 0)
  const { form } = paper

  const press = (project: BallotProject) => {
    const chosen = picks.includes(project.number)
    const why = chosen ? undefined : obstacle(form, picks.length, spent, area.pot, project.cost)
    setFull(why && { number: project.number, why })
    if (why) return
    change(paper.id, (entry) => toggle(paper, entry, project.number))
    const count = picks.length + (chosen ? -1 : 1)
    announce(
      form.kind === 'knapsack'
        ? t('bar.money_said', { left: euros(area.pot - spent + (chosen ? project.cost : -project.cost)) })
        : t('bar.count', { count, max: form.max }),
    )
  }

  return (
    <Step
      round={round}
      title={t('projects.title')}
      current="projects"
      lead={
        <>
          <PaperName paper={paper} />
          <p>
            {t('projects.area')}{' '}
            <strong>
              <Local text={area.name} />
            </strong>{' '}
            ({euros(area.pot)}){' '}
            {paper.areas.length > 1 && <Link to={at(`paper/${paper.id}`)}>{t('projects.other_area')}</Link>}
          </p>
          <p>
            {form.kind === 'knapsack'
              ? t('projects.knapsack', { pot: euros(area.pot) })
              : t('projects.approval', { min: form.min, max: form.max })}
          </p>
        </>
      }
    >
      <Standing />
      <Filter filter={filter} round={round} onChange={setFilter} />
      <p role="status" className="vote-count">
        {t('projects.count', { count: shown.length })}
      </p>
      {filter.order === 'day' && <p className="muted vote-order">{t('projects.order')}</p>}
      <a
        className="skip-list"
        href="#vote-bar"
        onClick={(event) => {
          event.preventDefault()
          document.getElementById('vote-bar')?.focus()
        }}
      >
        {t('projects.skip')}
      </a>
      {shown.length === 0 && <p>{t('projects.none')}</p>}
      <ul className="plain project-cards">
        {shown.map((project) => (
          <ProjectCard
            key={project.number}
            project={project}
            round={round}
            chosen={picks.includes(project.number)}
            refusedBy={full?.number === project.number ? whyId : undefined}
            onPress={() => {
              press(project)
            }}
          />
        ))}
      </ul>
      <Bar
        paper={paper}
        area={area}
        picked={picks.length}
        spent={spent}
        refusal={
          full && { of: full.number, text: t(`obstacle.${full.why}`, { max: form.max, left: euros(area.pot - spent) }) }
        }
      />
    </Step>
  )
}

interface Wanted {
  words: string
  theme: string
  order: Order
}

function Filter({
  filter,
  round,
  onChange,
}: {
  filter: Wanted
  round: ReturnType<typeof useVoting>['round']
  onChange: (filter: Wanted) => void
}) {
  const { t } = useTranslation('vote')
  const local = useLocal()
  const { themes } = round.settings
  return (
    <search className="vote-filter" aria-label={t('filter.label')}>
      <TextInput
        label={t('filter.words')}
        type="search"
        required
        aria-required={undefined}
        maxLength={100}
        value={filter.words}
        onChange={(event) => {
          onChange({ ...filter, words: event.target.value })
        }}
      />
      {themes.length > 0 && (
        <Select
          label={t('filter.theme')}
          value={filter.theme}
          onChange={(event) => {
            onChange({ ...filter, theme: event.target.value })
          }}
          options={[
            { value: '', label: t('filter.any') },
            ...themes.map(({ id, name }) => ({ value: id, label: local(name) })),
          ]}
        />
      )}
      <Select
        label={t('filter.order')}
        value={filter.order}
        onChange={({ target: { value } }) => {
          onChange({ ...filter, order: orders.find((order) => order === value) ?? 'day' })
        }}
        options={orders.map((order) => ({ value: order, label: t(`order.${order}`) }))}
      />
    </search>
  )
}

/** All that is said of a project, in whatever language, and its number. */
function saidOf({ number, title, description, place }: BallotProject): string {
  const said = (text?: Text) => (text ? Object.values(text).join(' ') : '')
  return `${number} ${said(title)} ${said(description)} ${said(place)}`
}
