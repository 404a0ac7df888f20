import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link, useSearchParams } from '@/lib/router'
import { Button, Checkbox, Select, TextInput } from '@/ui/hds'
import { More } from '@/ui/More'
import { Ask } from '@/ui/Ask'
import { Page } from '@/ui/Page'
import { SearchForm } from '@/ui/form/SearchForm'
import { useFormat, useLang } from '@/lib/format'
import { Local, useLocal } from '@/ui/text'
import { useFirstNew } from '@/ui/useFirstNew'
import { roundsQuery, stageOf, type Round } from '@/data/round'
import { deliveriesQuery, deliveryFilterOf, deliveryPhases, type DeliveryFilter } from '@/data/delivery'
import { classes } from '@/lib/classes'
import styles from '@/shared/proposal/proposal.module.css'
import { DeliveryCard } from './DeliveryCard'
import { OnMap } from './OnMap'
import { Summary } from './Summary'
import style from './delivery.module.css'

/** All funded projects of all rounds, those that are the furthest behind first. The address holds the filter. */
export default function Deliveries() {
  const { t } = useTranslation(['delivery', 'shell'])
  const lang = useLang()
  const rounds = useQuery(roundsQuery)
  return (
    <Page
      title={t('title')}
      above={[{ to: `/${lang}`, text: t('shell:nav.home') }]}
      lead={
        <>
          <p>{t('lead')}</p>
          <p>
            <Link to={`/${lang}/fund`}>{t('ledger.title')}</Link>
          </p>
          <p>
            <a href="/api/v1/deliveries.csv">{t('open')}</a> · <a href="/api/v1/deliveries.xlsx">{t('open_xlsx')}</a> ·{' '}
            <a href="/api/v1/deliveries.geojson">{t('open_map')}</a> ·{' '}
            <a href="/api/v1/deliveries.oc4ids.json">OC4IDS (JSON)</a>
          </p>
          <p>
            <a href={`/api/v1/deliveries.atom?language=${lang}`}>{t('open_feed')}</a> ·{' '}
            <a href={`/api/v1/deliveries.ics?language=${lang}`}>{t('open_calendar')}</a> ·{' '}
            <Link to={`/${lang}/data`}>{t('open_all')}</Link>
          </p>
        </>
      }
    >
      <Ask query={rounds}>
        {(all) => <List rounds={all.filter((round) => stageOf(round).acts.includes('results'))} />}
      </Ask>
    </Page>
  )
}

function List({ rounds }: { rounds: Round[] }) {
  const { t } = useTranslation('delivery')
  const { number } = useFormat()
  const [params, setParams] = useSearchParams()
  const filter = deliveryFilterOf(params)
  const query = useInfiniteQuery({ ...deliveriesQuery(filter), placeholderData: keepPreviousData })
  const onMap = params.get('map') === 'yes'
  const set = (key: string, value: string) => {
    setParams((before) => {
      const after = new URLSearchParams(before)
      if (value) after.set(key, value)
      else after.delete(key)
      return after
    })
  }
  const firstNew = useFirstNew(query.data?.pages.length ?? 0)

  return (
    <Ask query={query}>
      {({ pages }) => {
        const [first] = pages
        if (!first) return null
        const projects = pages.flatMap((page) => page.projects)
        if (first.summary.all === 0 && Object.values(filter).every((one) => one === undefined))
          return <p>{t('nothing_yet')}</p>
        return (
          <div className="stack-l">
            <Summary summary={first.summary} />
            <Areas rounds={rounds} />
            <Filters rounds={rounds} filter={filter} onChange={set} />
            <div>
              <Button
                small
                variant="secondary"
                start="map"
                aria-expanded={onMap}
                onClick={() => {
                  set('map', onMap ? '' : 'yes')
                }}
              >
                {t(onMap ? 'map.hide' : 'map.show')}
              </Button>
            </div>
            {onMap && <OnMap projects={projects} />}
            <p role="status" className={styles.count}>
              {t('count', { count: first.total, number: number(first.total) })}
            </p>
            {first.total === 0 && <p>{t('none')}</p>}
            <ul className={classes('plain', styles.list)}>
              {pages.flatMap((page, at) =>
                page.projects.map((delivery, index) => (
                  <DeliveryCard
                    key={`${delivery.round}/${String(delivery.project)}`}
                    delivery={delivery}
                    ref={index === 0 && at === pages.length - 1 ? firstNew : undefined}
                  />
                )),
              )}
            </ul>
            <More query={query}>{t('more')}</More>
          </div>
        )
      }}
    </Ask>
  )
}

/** Each area's page over all rounds. */
function Areas({ rounds }: { rounds: Round[] }) {
  const { t } = useTranslation('delivery')
  const lang = useLang()
  const areas = new Map(
    rounds
      .filter(({ rehearsal }) => !rehearsal)
      .flatMap(({ settings }) => settings.areas.map((one) => [one.id, one.name])),
  )
  if (areas.size === 0) return null
  return (
    <nav aria-label={t('areas')} className="stack-s">
      <h2>{t('areas')}</h2>
      <ul className={classes('plain', style.areas)}>
        {[...areas].map(([id, name]) => (
          <li key={id}>
            <Link to={`/${lang}/areas/${id}`}>
              <Local text={name} />
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** What to show. Areas and themes of several rounds that have the same address are one. */
function Filters({
  rounds,
  filter,
  onChange,
}: {
  rounds: Round[]
  filter: DeliveryFilter
  onChange: (key: keyof DeliveryFilter, value: string) => void
}) {
  const { t } = useTranslation(['delivery', 'shell'])
  const local = useLocal()
  const [typed, setTyped] = useState(filter.q ?? '')
  const all = { value: '', label: t('filter.all') }
  const open = rounds.filter(({ id, rehearsal }) => !rehearsal || id === filter.round)
  const some = filter.round ? open.filter(({ id }) => id === filter.round) : open
  const named = (list: { id: string; name: Round['name'] }[]) => [
    all,
    ...[...new Map(list.map(({ id, name }) => [id, local(name)]))].map(([value, label]) => ({ value, label })),
  ]
  return (
    <SearchForm
      className={styles.filters}
      aria-label={t('filter.label')}
      onSearch={() => {
        onChange('q', typed.trim())
      }}
    >
      <div className={styles.filtersWords}>
        <TextInput
          label={t('filter.words')}
          type="search"
          required
          aria-required={undefined}
          maxLength={200}
          value={typed}
          onChange={({ target }) => {
            setTyped(target.value)
          }}
        />
        <Button type="submit" start="search">
          {t('filter.search')}
        </Button>
      </div>
      <div className={style.filters}>
        {open.length > 1 && (
          <Select
            label={t('filter.round')}
            value={filter.round ?? ''}
            options={named(open)}
            onChange={({ target }) => {
              onChange('round', target.value)
            }}
          />
        )}
        <Select
          label={t('filter.area')}
          value={filter.area ?? ''}
          options={named(some.flatMap(({ settings }) => settings.areas))}
          onChange={({ target }) => {
            onChange('area', target.value)
          }}
        />
        <Select
          label={t('filter.theme')}
          value={filter.theme ?? ''}
          options={named(some.flatMap(({ settings }) => settings.themes))}
          onChange={({ target }) => {
            onChange('theme', target.value)
          }}
        />
        <Select
          label={t('filter.phase')}
          value={filter.phase ?? ''}
          options={[all, ...deliveryPhases.map((value) => ({ value, label: t(`phase.${value}`) }))]}
          onChange={({ target }) => {
            onChange('phase', target.value)
          }}
        />
        <Checkbox
          label={t('filter.late')}
          checked={filter.late ?? false}
          onChange={({ target }) => {
            onChange('late', target.checked ? 'yes' : '')
          }}
        />
      </div>
    </SearchForm>
  )
}
