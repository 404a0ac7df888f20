import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, Icon, RemovableTag, Select, TextInput } from '@/ui/hds'
import { SearchForm } from '@/ui/form/SearchForm'
import { useLocal } from '@/ui/text'
import { stageOf, type Round } from '@/data/round'
import { publicStates, type Filter, type ProposalOrder } from '@/data/proposal'
import { limitsWordsFilter } from '@/lib/limits.gen'
import { classes } from '@/lib/classes'
import styles from '@/shared/proposal/proposal.module.css'

/** What to show of the list. A choice takes effect at once; words when one asks for it. */
export function Filters({
  round,
  filter,
  order,
  onChange,
}: {
  round: Round
  filter: Filter
  order: ProposalOrder
  onChange: (changed: Partial<Record<keyof Filter | 'order', string>>) => void
}) {
  const { t } = useTranslation('proposal')
  const local = useLocal()
  // On a phone the proposals come first; the choices open on demand.
  const [open, setOpen] = useState(false)
  const [words, setWords] = useState({ typed: filter.q ?? '', from: filter.q })
  // Another address (back, a link) brings its own words.
  const typed = words.from === filter.q ? words.typed : (filter.q ?? '')
  const { areas, themes } = round.settings
  const orders: ProposalOrder[] =
    stageOf(round).acts.includes('vote') || order === 'day' ? ['day', 'newest', 'discussed'] : ['newest', 'discussed']
  const any = { value: '', label: t('filter.any') }
  const nameOf = (list: { id: string; name: Round['name'] }[], id: string) =>
    local(list.find((one) => one.id === id)?.name) || id

  const chosen = [
    filter.q && { key: 'q' as const, text: `“${filter.q}”` },
    filter.area && { key: 'area' as const, text: nameOf(areas, filter.area) },
    filter.theme && { key: 'theme' as const, text: nameOf(themes, filter.theme) },
    filter.state && { key: 'state' as const, text: t(`state.${filter.state}`) },
  ].filter((one) => typeof one === 'object')

  return (
    <div className="stack">
      <SearchForm
        className={styles.filters}
        aria-label={t('filter.search')}
        onSearch={() => {
          setWords({ typed, from: typed.trim() || undefined })
          onChange({ q: typed.trim() })
        }}
      >
        <div className={styles.filtersWords}>
          <TextInput
            label={t('filter.words')}
            type="search"
            required
            aria-required={undefined}
            maxLength={limitsWordsFilter.maxLength}
            value={typed}
            onChange={(event) => {
              setWords({ typed: event.target.value, from: filter.q })
            }}
          />
          <Button type="submit" start="search">
            {t('filter.search')}
          </Button>
        </div>
        <button
          type="button"
          className={styles.filtersToggle}
          aria-expanded={open}
          aria-controls="filters"
          onClick={() => {
            setOpen(!open)
          }}
        >
          {t('filter.narrow')}
          <Icon name={open ? 'angle-up' : 'angle-down'} />
        </button>
        <div id="filters" className={classes(styles.filtersChoices, open && styles.open)}>
          <Select
            label={t('filter.area')}
            value={filter.area ?? ''}
            onChange={(event) => {
              onChange({ area: event.target.value })
            }}
            options={[any, ...areas.map(({ id, name }) => ({ value: id, label: local(name) }))]}
          />
          {themes.length > 0 && (
            <Select
              label={t('filter.theme')}
              value={filter.theme ?? ''}
              onChange={(event) => {
                onChange({ theme: event.target.value })
              }}
              options={[any, ...themes.map(({ id, name }) => ({ value: id, label: local(name) }))]}
            />
          )}
          <Select
            label={t('filter.state')}
            value={filter.state ?? ''}
            onChange={(event) => {
              onChange({ state: event.target.value })
            }}
            options={[any, ...publicStates.map((state) => ({ value: state, label: t(`state.${state}`) }))]}
          />
          <Select
            label={t('filter.order')}
            value={order}
            onChange={(event) => {
              onChange({ order: event.target.value })
            }}
            options={orders.map((value) => ({
              value,
              label: t(value === 'newest' && filter.q ? 'order.best' : `order.${value}`),
            }))}
          />
        </div>
      </SearchForm>
      {chosen.length > 0 && (
        <ul className="plain tags" aria-label={t('filter.chosen')}>
          {chosen.map(({ key, text }) => (
            <li key={key}>
              <RemovableTag
                label={t('filter.remove', { name: text })}
                onRemove={() => {
                  onChange({ [key]: '' })
                }}
              >
                {text}
              </RemovableTag>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
