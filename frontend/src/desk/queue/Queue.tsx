import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useSearchParams } from '@/lib/router'
import { deskQuery } from '@/data/desk'
import { keys } from '@/data/keys'
import type { Proposal } from '@/data/proposal'
import { allOf, exportHref, isRemovable, isUndecided, queueFilterOf, queueQuery, type Sort } from '@/data/queue'
import { useRound, type Round } from '@/data/round'
import { useFormat, useLang } from '@/lib/format'
import { hasRole, useSession } from '@/lib/session'
import { Ask } from '@/ui/Ask'
import { AskPage } from '@/ui/AskPage'
import { Button } from '@/ui/hds'
import { Trouble } from '@/ui/problem/Trouble'
import { useLocal } from '@/ui/text'
import { Title } from '@/ui/Title'
import { BulkBar } from './BulkBar'
import { DeskLinks } from './DeskLinks'
import { Chips, QueueFilters, type Filtering } from './QueueFilters'
import { QueueTable } from './QueueTable'
import { SavedFilters } from './SavedFilters'
import { Waits } from './Waits'
import css from './queue.module.css'

/** What waits in my districts, the longest-waiting first. The address holds the filter. */
export function Queue() {
  return <AskPage query={useRound()}>{(round) => <QueuePage round={round} />}</AskPage>
}

/** Begin with the largest or latest. */
const downFirst: Sort[] = ['estimate', 'checks']

function QueuePage({ round }: { round: Round }) {
  // With the words of what is done at once, which would hide the list and its focus if they came with the first tick.
  const { t } = useTranslation(['desk', 'expert', 'merge', 'problem'])
  const local = useLocal()
  const lang = useLang()
  const { number } = useFormat()
  const session = useSession()
  const [params, setParams] = useSearchParams()
  const filter = queueFilterOf(params)
  const query = useInfiniteQuery(queueQuery(round.id, filter))
  const [picked, setPicked] = useState<ReadonlyMap<number, Proposal>>(new Map())
  const official = hasRole(session, 'official')
  const expert = hasRole(session, 'expert') && !hasRole(session, 'facilitator', 'official')
  const desk = useQuery(deskQuery(round.id)).data
  const divisions = desk?.divisions.filter(({ id }) => !expert || session?.divisions.includes(id)) ?? []
  const areas = round.settings.areas.filter(({ id }) => official || expert || session?.areas.includes(id))
  const open = round.phase === 'proposing' || round.phase === 'vetting'
  const works = ({ text }: Proposal) => official || (session?.areas.includes(text.area ?? '') ?? false)
  const mayPick = (proposal: Proposal) =>
    open &&
    !expert &&
    !proposal.mine &&
    works(proposal) &&
    (isUndecided(proposal.state) ||
      (['merge', 'correct', 'place'] as const).some((deed) => proposal.may.includes(deed)) ||
      (official && isRemovable(proposal, round)))
  const pick = (proposals: Proposal[]) => {
    setPicked(new Map(proposals.filter(mayPick).map((proposal) => [proposal.id, proposal])))
  }
  // Who comes back here begins anew from what waits now.
  const cache = useQueryClient()
  useEffect(() => {
    cache.removeQueries({ queryKey: keys.trail(round.id) })
  }, [cache, round.id])
  const all = useMutation({ mutationFn: () => allOf(round.id, filter), onSuccess: pick })
  const choose = (values: Record<string, string>) => {
    setPicked(new Map())
    setParams((old) => {
      const next = new URLSearchParams(old)
      for (const [key, value] of Object.entries(values))
        if (value) next.set(key, value)
        else next.delete(key)
      return next
    })
  }
  const filtering: Filtering = {
    round,
    expert,
    mine: official ? undefined : expert ? [] : (session?.areas ?? []),
    divisions,
    colleagues: desk?.colleagues ?? [],
    filter,
    choose,
  }
  return (
    <div className={css.page}>
      <div className={css.head}>
        <Title>{t('queue.title', { round: local(round.name) })}</Title>
        <DeskLinks round={round.id} divisions={divisions} />
      </div>
      <Waits round={round.id} />
      <QueueFilters {...filtering}>
        <p className={css.line}>
          {(['xlsx', 'csv'] as const).map((format) => (
            <a key={format} href={exportHref(round.id, filter, format, lang)} download={`${round.id}.${format}`}>
              {t(`queue.export_${format}`)}
            </a>
          ))}
        </p>
        <SavedFilters round={round.id} query={params.toString()} />
      </QueueFilters>
      <Ask query={query}>
        {({ pages }) => {
          const shown = pages.flatMap(({ proposals }) => proposals)
          const total = pages[0]?.total ?? 0
          const free = shown.filter(mayPick)
          const chosen = [...picked.values()]
          return (
            <>
              <div className={css.line}>
                <p role="status">
                  <strong>{t('queue.count', { count: total, number: number(total) })}</strong>
                </p>
                <Chips {...filtering} />
                <p className={css.mine}>
                  {expert
                    ? t(divisions.length > 0 ? 'expert:queue.divisions' : 'expert:queue.none', {
                        divisions: divisions.map(({ name }) => local(name)).join(', '),
                      })
                    : !official &&
                      areas.length > 0 &&
                      t('queue.areas', { areas: areas.map(({ name }) => local(name)).join(', ') })}
                </p>
                {free.length > 1 && (
                  <button
                    type="button"
                    className={css.link}
                    onClick={() => {
                      pick(free)
                    }}
                  >
                    {t('assign.all')}
                  </button>
                )}
                {free.length > 1 && total > shown.length && (
                  <button
                    type="button"
                    className={css.link}
                    disabled={all.isPending}
                    onClick={() => {
                      all.mutate()
                    }}
                  >
                    {t('assign.matching', { number: number(total) })}
                  </button>
                )}
                <p className={css.keys}>
                  {t('keys.intro')} <kbd>j</kbd> <kbd>↓</kbd> {t('keys.next')} · <kbd>k</kbd> <kbd>↑</kbd>{' '}
                  {t('keys.previous')} · <kbd>Enter</kbd> {t('keys.open')} · <kbd>x</kbd> {t('keys.pick')}
                </p>
              </div>
              {all.error && <Trouble cause={all.error} />}
              {total === 0 && <p className="lead">{t('queue.empty')}</p>}
              {shown.length > 0 && (
                <QueueTable
                  round={round}
                  proposals={shown}
                  filter={filter}
                  search={params.size > 0 ? `?${params.toString()}` : ''}
                  checks={expert ? 0 : (desk?.checklist.length ?? 0)}
                  mayPick={mayPick}
                  picked={(id) => picked.has(id)}
                  onPick={(proposal) => {
                    setPicked((old) => {
                      const next = new Map(old)
                      if (!next.delete(proposal.id)) next.set(proposal.id, proposal)
                      return next
                    })
                  }}
                  onSort={(sort) => {
                    const first = downFirst.includes(sort)
                    const down = filter.sort === sort ? !filter.descending : first
                    choose({ sort: sort === 'age' ? '' : sort, descending: down ? 'yes' : '' })
                  }}
                />
              )}
              {query.hasNextPage && (
                <Button
                  small
                  variant="secondary"
                  busy={query.isFetchingNextPage}
                  onClick={() => void query.fetchNextPage()}
                >
                  {t('queue.more')}
                </Button>
              )}
              <BulkBar
                round={round}
                chosen={chosen}
                onDone={(ids) => {
                  setPicked((old) => new Map([...old].filter(([id]) => !ids.includes(id))))
                }}
                onNone={() => {
                  setPicked(new Map())
                }}
              />
            </>
          )
        }}
      </Ask>
    </div>
  )
}
