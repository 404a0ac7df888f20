import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { keys } from '@/data/keys'
import { filtersQuery } from '@/data/queue'
import { announce } from '@/lib/announce'
import { ask, office, type Schemas } from '@/lib/api'
import { limitsNewQueueFilter } from '@/lib/limits.gen'
import { hasRole, useSession } from '@/lib/session'
import { Button, Checkbox, TextInput } from '@/ui/hds'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { Trouble } from '@/ui/problem/Trouble'
import css from './queue.module.css'

/** Views of the queue that I kept, and those of the round that its officials keep for all. */
export function SavedFilters({ round, query }: { round: string; query: string }) {
  const { t } = useTranslation('desk')
  const cache = useQueryClient()
  const official = hasRole(useSession(), 'official')
  const filters = useQuery(filtersQuery(round)).data ?? []
  const [shared, setShared] = useState(false)
  const again = () => cache.invalidateQueries({ queryKey: keys.filters(round) })
  const keep = useMutation({
    mutationFn: (body: Schemas['NewQueueFilter']) =>
      ask(office.POST('/api/v1/rounds/{round}/queue/filters', { params: { path: { round } }, body })),
    onSuccess: () => {
      empty()
      announce(t('saved.done'))
      return again()
    },
  })
  const drop = useMutation({
    mutationFn: ({ id, shared }: Schemas['QueueFilter']) =>
      ask(
        office.DELETE('/api/v1/rounds/{round}/queue/filters/{filter}', {
          params: { path: { round, filter: id }, query: { shared: shared || undefined } },
        }),
      ),
    onSuccess: () => {
      announce(t('saved.dropped'))
      return again()
    },
  })
  const { values, field, form, empty } = useFields({
    start: { name: '' },
    labels: { name: t('saved.name') },
    check: ({ name }) => ({ name: name.trim() ? undefined : t('decide.required') }),
    prefix: 'filter.',
    cause: keep.error,
  })
  return (
    <div className={css.saved}>
      <h2>{t('saved.heading')}</h2>
      {filters.length === 0 && <p>{t('saved.none')}</p>}
      <ul>
        {filters.map((filter) => (
          <li key={filter.id}>
            <span>
              <Link to={`/desk/${round}?${filter.query}`}>{filter.name}</Link>
              {filter.shared && ` (${t('saved.round')})`}
            </span>
            {(official || !filter.shared) && (
              <button
                type="button"
                className={css.link}
                aria-label={t('saved.drop', { name: filter.name })}
                onClick={() => {
                  drop.mutate(filter)
                }}
              >
                {t('saved.drop_short')}
              </button>
            )}
          </li>
        ))}
      </ul>
      {drop.error && <Trouble cause={drop.error} />}
      {query ? (
        <Form
          form={form}
          brief
          busy={keep.isPending}
          onSend={() => {
            keep.mutate({ name: values.name.trim(), query, shared: official && shared })
          }}
          actions={
            <Button type="submit" small variant="secondary" busy={keep.isPending}>
              {t('saved.keep')}
            </Button>
          }
        >
          <TextInput {...field('name')} required maxLength={limitsNewQueueFilter.name.maxLength} />
          {official && (
            <Checkbox
              label={t('saved.for_all')}
              checked={shared}
              onChange={({ target: { checked } }) => {
                setShared(checked)
              }}
            />
          )}
        </Form>
      ) : (
        <p>{t('saved.first')}</p>
      )}
    </div>
  )
}
