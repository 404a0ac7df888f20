import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { deskQuery } from '@/data/desk'
import type { Proposal } from '@/data/proposal'
import { isUndecided, neighbour, queueFilterOf, queueQuery } from '@/data/queue'
import { useRound, type Round } from '@/data/round'
import { useFormat } from '@/lib/format'
import { hasRole, useSession } from '@/lib/session'
import { Ask } from '@/ui/Ask'
import { AskPage } from '@/ui/AskPage'
import { Button, Checkbox } from '@/ui/hds'
import { Page } from '@/ui/Page'
import { useLocal } from '@/ui/text'
import { BulkActions } from './BulkActions'
import { DeskLinks } from './DeskLinks'
import { QueueFilters } from './QueueFilters'
import { QueueRow } from './QueueRow'

/** What waits in my districts, the longest-waiting first. The address holds the filter. */
export function Queue() {
  return <AskPage query={useRound()}>{(round) => <QueuePage round={round} />}</AskPage>
}

function QueuePage({ round }: { round: Round }) {
  // With the words of what is done at once, which would hide the list and its focus if they came with the first tick.
  const { t } = useTranslation(['desk', 'expert', 'merge'])
  const local = useLocal()
  const { number } = useFormat()
  const session = useSession()
  const [params, setParams] = useSearchParams()
  const filter = queueFilterOf(params)
  const query = useInfiniteQuery(queueQuery(round.id, filter))
  const [picked, setPicked] = useState<number[]>([])
  const list = useRef<HTMLUListElement>(null)
  const mine = session?.areas ?? []
  const expert = hasRole(session, 'expert') && !hasRole(session, 'facilitator', 'official')
  const divisions =
    useQuery(deskQuery(round.id)).data?.divisions.filter(({ id }) => !expert || session?.divisions.includes(id)) ?? []
  const areas = round.settings.areas.filter(({ id }) => hasRole(session, 'official', 'expert') || mine.includes(id))
  const open = round.phase === 'proposing' || round.phase === 'vetting'
  const mayAssign = (proposal: Proposal) =>
    open &&
    !expert &&
    !proposal.mine &&
    isUndecided(proposal.state) &&
    (hasRole(session, 'official') || mine.includes(proposal.text.area ?? ''))
  const choose = (key: string, value: string) => {
    setPicked([])
    setParams((old) => {
      const next = new URLSearchParams(old)
      if (value) next.set(key, value)
      else next.delete(key)
      return next
    })
  }
  const toggle = (id: number) => {
    setPicked((old) => (old.includes(id) ? old.filter((one) => one !== id) : [...old, id]))
  }
  // Only where the focus is in the list already (WCAG 2.1.4): nobody who dictates or listens sets these off elsewhere.
  const onKey = (event: KeyboardEvent<HTMLUListElement>) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !(event.target instanceof HTMLElement)) return
    const links = [...(list.current?.querySelectorAll<HTMLElement>('h2 a') ?? [])]
    const row = event.target.closest('li')
    const at = links.findIndex((link) => row?.contains(link))
    const to = neighbour(event.key, at, links.length)
    if (to !== undefined) {
      event.preventDefault()
      links[to]?.focus()
    } else if (event.key === 'x' && event.target.tagName !== 'INPUT') {
      row?.querySelector<HTMLElement>('input[type=checkbox]')?.click()
    }
  }
  return (
    <Page
      title={t('queue.title', { round: local(round.name) })}
      above={[{ to: '/desk', text: t('title') }]}
      lead={
        expert
          ? t(divisions.length > 0 ? 'expert:queue.divisions' : 'expert:queue.none', {
              divisions: divisions.map(({ name }) => local(name)).join(', '),
            })
          : areas.length > 0 && t('queue.areas', { areas: areas.map(({ name }) => local(name)).join(', ') })
      }
    >
      <div className="stack-l">
        <DeskLinks round={round.id} divisions={divisions} />
        <QueueFilters expert={expert} areas={areas} divisions={divisions} filter={filter} choose={choose} />
        <Ask query={query}>
          {({ pages }) => {
            const all = pages.flatMap(({ proposals }) => proposals)
            const chosen = all.filter(({ id }) => picked.includes(id))
            const free = all.filter(mayAssign).map(({ id }) => id)
            return (
              <>
                <p role="status">
                  {t('queue.count', { count: pages[0]?.total ?? 0, number: number(pages[0]?.total ?? 0) })}
                </p>
                {all.length === 0 && <p className="lead">{t('queue.empty')}</p>}
                {all.length > 0 && (
                  <div className="desk-tools">
                    <p className="muted desk-keys">
                      {t('keys.intro')} <kbd>j</kbd> <kbd>↓</kbd> {t('keys.next')} · <kbd>k</kbd> <kbd>↑</kbd>{' '}
                      {t('keys.previous')} · <kbd>Enter</kbd> {t('keys.open')} · <kbd>x</kbd> {t('keys.pick')}
                    </p>
                    {free.length > 1 && (
                      <Button
                        small
                        variant="supplementary"
                        onClick={() => {
                          setPicked(picked.length === 0 ? free : [])
                        }}
                      >
                        {t(picked.length === 0 ? 'assign.all' : 'assign.none')}
                      </Button>
                    )}
                  </div>
                )}
                {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- moves the focus between the links in it */}
                <ul className="plain desk-queue" ref={list} onKeyDown={onKey}>
                  {all.map((proposal) => (
                    <QueueRow key={proposal.id} proposal={proposal} round={round}>
                      {mayAssign(proposal) && (
                        <Checkbox
                          label={
                            <span className="visually-hidden">{t('assign.pick', { title: proposal.text.title })}</span>
                          }
                          checked={picked.includes(proposal.id)}
                          onChange={() => {
                            toggle(proposal.id)
                          }}
                        />
                      )}
                    </QueueRow>
                  ))}
                </ul>
                {query.hasNextPage && (
                  <Button
                    variant="secondary"
                    busy={query.isFetchingNextPage}
                    onClick={() => void query.fetchNextPage()}
                  >
                    {t('queue.more')}
                  </Button>
                )}
                {chosen.length > 0 && (
                  <BulkActions
                    round={round.id}
                    chosen={chosen}
                    onDone={() => {
                      setPicked([])
                    }}
                  />
                )}
              </>
            )
          }}
        </Ask>
      </div>
    </Page>
  )
}
