import { useId, useState, type ReactNode, type SelectHTMLAttributes } from 'react'
import { useTranslation } from '@/lib/i18n'
import { publicStates } from '@/data/proposal'
import { estimations, type QueueFilter } from '@/data/queue'
import type { Round } from '@/data/round'
import type { Schemas } from '@/lib/api'
import { limitsWordsFilter } from '@/lib/limits.gen'
import type { Option } from '@/ui/hds'
import { SearchForm } from '@/ui/form/SearchForm'
import { useLocal } from '@/ui/text'
import css from './queue.module.css'

export interface Filtering {
  round: Round
  expert: boolean
  /** Where I work; undefined: everywhere. */
  mine?: string[]
  divisions: Schemas['Division'][]
  colleagues: Schemas['Colleague'][]
  filter: QueueFilter
  /** Puts values into the address, or takes those out that are empty. */
  choose: (values: Record<string, string>) => void
}

/** Which proposals the queue shows: words to search for, and what can be chosen from. Stays in sight. */
export function QueueFilters(props: Filtering & { children: ReactNode }) {
  const { round, expert, mine, divisions, colleagues, filter, choose, children } = props
  const { t } = useTranslation(['desk', 'proposal', 'expert'])
  const local = useLocal()
  const [open, setOpen] = useState(false)
  const id = useId()
  return (
    <div className={css.bar}>
      <div className={css.fields}>
        <Search
          key={filter.words ?? ''}
          words={filter.words ?? ''}
          onSearch={(words) => {
            choose({ q: words })
          }}
        />
        <Choice
          label={t('queue.area')}
          closed={!open}
          value={filter.area ?? (filter.everywhere ? '*' : '')}
          onChange={({ target: { value } }) => {
            const beyond = value === '*' || (value !== '' && mine !== undefined && !mine.includes(value))
            choose({ area: value === '*' ? '' : value, everywhere: beyond ? 'yes' : '' })
          }}
          options={[
            { value: '', label: t(mine ? 'queue.all' : 'queue.every_area') },
            ...(mine ? [{ value: '*', label: t('queue.everywhere') }] : []),
            ...round.settings.areas.map((area) => ({ value: area.id, label: local(area.name) })),
          ]}
        />
        <Choice
          label={t('queue.state')}
          closed={!open}
          value={filter.state ?? ''}
          onChange={({ target: { value } }) => {
            choose({ state: value })
          }}
          options={[
            { value: '', label: t('queue.waiting') },
            { value: 'any', label: t('queue.any_state') },
            ...publicStates.map((state) => ({ value: state, label: t(`proposal:state.${state}`) })),
          ]}
        />
        {!expert && (
          <Choice
            label={t('queue.whose')}
            closed={!open}
            value={filter.takenByMe ? 'mine' : filter.free ? 'free' : String(filter.takenBy ?? '')}
            onChange={({ target: { value } }) => {
              choose({
                mine: value === 'mine' ? 'yes' : '',
                free: value === 'free' ? 'yes' : '',
                handler: /^\d+$/.test(value) ? value : '',
              })
            }}
            options={[
              { value: '', label: t('queue.everybody') },
              { value: 'mine', label: t('queue.mine') },
              { value: 'free', label: t('queue.nobody') },
              ...colleagues.map(({ id, name }) => ({ value: String(id), label: name })),
            ]}
          />
        )}
        {(!expert || divisions.length > 1) && (
          <Choice
            label={t('expert:queue.division')}
            closed={!open}
            value={filter.division ?? ''}
            onChange={({ target: { value } }) => {
              choose({ division: value })
            }}
            options={[
              { value: '', label: t(expert ? 'expert:queue.mine' : 'expert:queue.any') },
              ...divisions.map((one) => ({ value: one.id, label: local(one.name) })),
            ]}
          />
        )}
        <button
          type="button"
          className={css.plain}
          aria-expanded={open}
          aria-controls={id}
          onClick={() => {
            setOpen(!open)
          }}
        >
          {t('queue.more_filters')}
        </button>
      </div>
      <div id={id} hidden={!open} className={css.more}>
        <div className={css.fields}>
          {round.settings.themes.length > 0 && (
            <Choice
              label={t('queue.theme')}
              value={filter.theme ?? ''}
              onChange={({ target: { value } }) => {
                choose({ theme: value })
              }}
              options={[
                { value: '', label: t('queue.every_theme') },
                ...round.settings.themes.map((theme) => ({ value: theme.id, label: local(theme.name) })),
              ]}
            />
          )}
          <Choice
            label={t('expert:queue.estimation')}
            value={filter.estimation ?? ''}
            onChange={({ target: { value } }) => {
              choose({ estimation: value })
            }}
            options={[
              { value: '', label: t('expert:queue.all') },
              ...estimations.map((one) => ({ value: one, label: t(`expert:estimation.${one}`) })),
            ]}
          />
          <div className={css.late}>
            <input
              id={`${id}late`}
              type="checkbox"
              checked={filter.late}
              onChange={({ target: { checked } }) => {
                choose({ late: checked ? 'yes' : '' })
              }}
            />
            <label htmlFor={`${id}late`}>{t(expert ? 'expert:queue.late' : 'queue.late')}</label>
          </div>
          {!expert && (
            <div className={css.late}>
              <input
                id={`${id}untranslated`}
                type="checkbox"
                checked={filter.untranslated}
                onChange={({ target: { checked } }) => {
                  choose({ untranslated: checked ? 'yes' : '' })
                }}
              />
              <label htmlFor={`${id}untranslated`}>{t('queue.untranslated')}</label>
            </div>
          )}
        </div>
        {children}
      </div>
    </div>
  )
}

/** What is chosen, each to be taken away by a press. */
export function Chips({ round, divisions, colleagues, filter, choose, expert }: Filtering) {
  const { t } = useTranslation(['desk', 'proposal', 'expert'])
  const local = useLocal()
  const { areas, themes } = round.settings
  const chips: { text: string; away: Record<string, string> }[] = []
  const add = (text: string | false | undefined, away: Record<string, string>) => {
    if (text) chips.push({ text, away })
  }
  add(filter.words && `”${filter.words}”`, { q: '' })
  add(
    filter.area
      ? local(areas.find(({ id }) => id === filter.area)?.name) || filter.area
      : filter.everywhere && t('queue.everywhere'),
    { area: '', everywhere: '' },
  )
  add(filter.state && (filter.state === 'any' ? t('queue.any_state') : t(`proposal:state.${filter.state}`)), {
    state: '',
  })
  add(filter.theme && (local(themes.find(({ id }) => id === filter.theme)?.name) || filter.theme), { theme: '' })
  add(filter.takenByMe && t('queue.mine'), { mine: '' })
  add(filter.free && t('queue.nobody'), { free: '' })
  add(filter.older !== undefined && t('queue.older_chip', { days: filter.older }), { older: '' })
  add(
    filter.takenBy !== undefined &&
      (colleagues.find(({ id }) => id === filter.takenBy)?.name ?? String(filter.takenBy)),
    { handler: '' },
  )
  add(filter.division && (local(divisions.find(({ id }) => id === filter.division)?.name) || filter.division), {
    division: '',
  })
  add(filter.estimation && t(`expert:estimation.${filter.estimation}`), { estimation: '' })
  add(filter.untranslated && t('queue.untranslated_chip'), { untranslated: '' })
  add(filter.answered && t(`queue.answered_${filter.answered}`), { answered: '' })
  add(filter.late && t(expert ? 'expert:queue.late_chip' : 'queue.late_chip'), { late: '' })
  if (chips.length === 0) return null
  return (
    <ul className={css.chips} aria-label={t('queue.chosen')}>
      {chips.map(({ text, away }) => (
        <li key={text}>
          <button
            type="button"
            className={css.chip}
            aria-label={t('queue.remove', { filter: text })}
            onClick={() => {
              choose(away)
            }}
          >
            {text} <span aria-hidden="true">×</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

/** A small list of choices; closed ones are out of sight on a phone. */
function Choice({
  label,
  options,
  closed,
  ...rest
}: SelectHTMLAttributes<HTMLSelectElement> & { label: string; options: Option[]; closed?: boolean }) {
  const id = useId()
  return (
    <div className={closed ? css.closed : undefined}>
      <label htmlFor={id}>{label}</label>
      <select {...rest} id={id}>
        {options.map(({ value, label: text }) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  )
}

function Search({ words, onSearch }: { words: string; onSearch: (words: string) => void }) {
  const { t } = useTranslation('desk')
  const [text, setText] = useState(words)
  const id = useId()
  return (
    <SearchForm
      className={css.search}
      onSearch={() => {
        onSearch(text.trim())
      }}
    >
      <div>
        <label htmlFor={id}>{t('queue.words')}</label>
        <input
          id={id}
          type="search"
          maxLength={limitsWordsFilter.maxLength}
          value={text}
          onChange={(event) => {
            setText(event.target.value)
          }}
        />
      </div>
      <button type="submit" className={css.plain}>
        {t('queue.search')}
      </button>
    </SearchForm>
  )
}
