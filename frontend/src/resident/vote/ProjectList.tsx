import { lazy, Suspense, useDeferredValue, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link, useLocation } from '@/lib/router'
import { Button, Select, Spinner, TextInput } from '@/ui/hds'
import { useFavourites } from '@/resident/favourite/favourites'
import { useFormat } from '@/lib/format'
import { Local, useLocal, type Text } from '@/ui/text'
import { search } from '@/lib/words'
import { ordered, orders, type Order } from './order'
import { arrivedFor, useVoting, type BallotProject } from './voting'
import type { ManifestArea, ManifestPaper } from '@/receipt/crypto/manifest'
import { Standing } from './Notices'
import { PaperName } from './PaperName'
import { Step } from './Step'
import { classes } from '@/lib/classes'
import styles from './projects.module.css'

const OnMap = lazy(() => import('./map/OnMap'))

/** Step 2: an area's projects, which one can search and order; how they are chosen is for the paper's form. */
export function ProjectList({
  paper,
  area,
  how,
  picks,
  card,
  onPress,
  children,
}: {
  paper: ManifestPaper
  area: ManifestArea
  /** What one can do, in words. */
  how: ReactNode
  /** Numbers of the chosen projects. */
  picks: number[]
  card: (project: BallotProject) => ReactNode
  /** Chooses a project on the map, or takes it back. */
  onPress: (project: BallotProject) => void
  /** Stands after the list: the bar, and what comes before it. */
  children: ReactNode
}) {
  const { t } = useTranslation(['vote', 'proposal'])
  const { round, projects, at } = useVoting()
  const { euros } = useFormat()
  const [filter, setFilter] = useState<Wanted>({ words: '', theme: '', order: 'day' })
  const [onMap, setOnMap] = useState(false)
  const favourites = useFavourites(round.id)
  const marked = arrivedFor(useLocation().state)

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
          <p>{how}</p>
        </>
      }
    >
      <Standing />
      <Filter filter={filter} round={round} onChange={setFilter} />
      <div>
        <Button
          small
          variant="secondary"
          start="map"
          aria-expanded={onMap}
          onClick={() => {
            setOnMap(!onMap)
          }}
        >
          {t(onMap ? 'map.hide' : 'map.show')}
        </Button>
      </div>
      {onMap && (
        <Suspense fallback={<Spinner />}>
          <OnMap projects={shown} picks={picks} onPress={onPress} />
        </Suspense>
      )}
      <p role="status" className={styles.count}>
        {t('projects.count', { count: shown.length })}
      </p>
      {filter.order === 'day' && <p className={classes('muted', styles.order)}>{t('projects.order')}</p>}
      <a
        className={styles.skipList}
        href="#vote-bar"
        onClick={(event) => {
          event.preventDefault()
          document.getElementById('vote-bar')?.focus()
        }}
      >
        {t('projects.skip')}
      </a>
      {shown.length === 0 && <p>{t('projects.none')}</p>}
      <ul className={classes('plain', styles.cards)}>{shown.map(card)}</ul>
      {children}
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
    <search className={styles.filter} aria-label={t('filter.label')}>
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
