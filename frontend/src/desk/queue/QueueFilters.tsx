import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { publicStates } from '@/data/proposal'
import { estimations, type QueueFilter } from '@/data/queue'
import type { Round } from '@/data/round'
import type { Schemas } from '@/lib/api'
import { limitsWordsFilter } from '@/lib/limits.gen'
import { Button, Checkbox, Select, TextInput } from '@/ui/hds'
import { SearchForm } from '@/ui/form/SearchForm'
import { useLocal } from '@/ui/text'

/** Which proposals the queue shows: words to search for, and what can be chosen from. */
export function QueueFilters({
  expert,
  areas,
  divisions,
  filter,
  choose,
}: {
  expert: boolean
  areas: Round['settings']['areas']
  divisions: Schemas['Division'][]
  filter: QueueFilter
  /** Puts a value into the address, or takes it out if it is empty. */
  choose: (key: string, value: string) => void
}) {
  const { t } = useTranslation(['desk', 'shell', 'expert'])
  const local = useLocal()
  return (
    <>
      <Search
        words={filter.words ?? ''}
        onSearch={(words) => {
          choose('q', words)
        }}
      />
      <div className="desk-filters">
        <Select
          label={t('queue.area')}
          value={filter.area ?? ''}
          onChange={(event) => {
            choose('area', event.target.value)
          }}
          options={[
            { value: '', label: t('queue.all') },
            ...areas.map(({ id, name }) => ({ value: id, label: local(name) })),
          ]}
        />
        <Select
          label={t('queue.state')}
          value={filter.state ?? ''}
          onChange={(event) => {
            choose('state', event.target.value)
          }}
          options={[
            { value: '', label: t('queue.waiting') },
            ...publicStates.map((state) => ({ value: state, label: t(`shell:state.${state}`) })),
          ]}
        />
        {!expert && (
          <Select
            label={t('queue.whose')}
            value={filter.takenByMe ? 'mine' : filter.free ? 'free' : ''}
            onChange={(event) => {
              choose('mine', event.target.value === 'mine' ? 'yes' : '')
              choose('free', event.target.value === 'free' ? 'yes' : '')
            }}
            options={[
              { value: '', label: t('queue.everybody') },
              { value: 'mine', label: t('queue.mine') },
              { value: 'free', label: t('queue.nobody') },
            ]}
          />
        )}
        {(!expert || divisions.length > 1) && (
          <Select
            label={t('expert:queue.division')}
            value={filter.division ?? ''}
            onChange={(event) => {
              choose('division', event.target.value)
            }}
            options={[
              { value: '', label: t(expert ? 'expert:queue.mine' : 'expert:queue.any') },
              ...divisions.map(({ id, name }) => ({ value: id, label: local(name) })),
            ]}
          />
        )}
        <Select
          label={t('expert:queue.estimation')}
          value={filter.estimation ?? ''}
          onChange={(event) => {
            choose('estimation', event.target.value)
          }}
          options={[
            { value: '', label: t('expert:queue.all') },
            ...estimations.map((one) => ({ value: one, label: t(`expert:estimation.${one}`) })),
          ]}
        />
        <Checkbox
          label={t(expert ? 'expert:queue.late' : 'queue.late')}
          checked={filter.late}
          onChange={(event) => {
            choose('late', event.target.checked ? 'yes' : '')
          }}
        />
      </div>
    </>
  )
}

function Search({ words, onSearch }: { words: string; onSearch: (words: string) => void }) {
  const { t } = useTranslation('desk')
  const [text, setText] = useState(words)
  return (
    <SearchForm
      className="desk-search"
      onSearch={() => {
        onSearch(text.trim())
      }}
    >
      <TextInput
        label={t('queue.words')}
        required
        maxLength={limitsWordsFilter.maxLength}
        type="search"
        value={text}
        onChange={(event) => {
          setText(event.target.value)
        }}
      />
      <Button type="submit" variant="secondary">
        {t('queue.search')}
      </Button>
    </SearchForm>
  )
}
