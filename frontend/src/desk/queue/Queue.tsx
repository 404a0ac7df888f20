import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { limitsWordsFilter } from '@/lib/limits.gen'
import { Button, Card, Checkbox, LinkButton, Select, StatusLabel, TextInput } from '@/ui/hds'
import { Refer } from '@/desk/send/Refer'
import { Ask } from '@/ui/Ask'
import { useFormat } from '@/lib/format'
import { hasRole, useSession } from '@/lib/session'
import { Local, useLocal } from '@/ui/text'
import { colourOf, publicStates, type Proposal } from '@/data/proposal'
import { useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { Assign } from '@/desk/send/Assign'
import { deskQuery } from '@/data/desk'
import { daysSince, daysUntil } from '@/lib/day'
import { estimations, isUndecided, neighbour, queueFilterOf, queueQuery } from '@/data/queue'

/** What waits in my districts, the longest-waiting first. The address holds the filter. */
export function Queue() {
  return <AskPage query={useRound()}>{(round) => <QueuePage round={round} />}</AskPage>
}

function QueuePage({ round }: { round: Round }) {
  const { t } = useTranslation(['desk', 'shell', 'comment', 'enquiry', 'event', 'equality', 'expert', 'merge'])
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
        <nav aria-label={t('more')} className="desk-links">
          {hasRole(session, 'facilitator', 'official') && (
            <Link to={`/desk/${round.id}/questions`}>{t('enquiry:desk.title')}</Link>
          )}
          {hasRole(session, 'facilitator') && <Link to={`/desk/${round.id}/told`}>{t('told')}</Link>}
          {hasRole(session, 'facilitator', 'official') && (
            <Link to={`/desk/${round.id}/comments`}>{t('comment:moderation.link')}</Link>
          )}
          {hasRole(session, 'facilitator', 'official') && (
            <Link to={`/desk/${round.id}/contacts`}>{t('contacts.heading')}</Link>
          )}
          {hasRole(session, 'facilitator', 'official') && (
            <Link to={`/desk/${round.id}/events`}>{t('event:desk.link')}</Link>
          )}
          {hasRole(session, 'facilitator', 'official') && (
            <Link to={`/desk/${round.id}/equality`}>{t('equality:link')}</Link>
          )}
          {hasRole(session, 'expert') &&
            session?.divisions.map((id) => (
              <Link key={id} to={`/desk/${round.id}/sheet/${id}`}>
                {t('expert:sheet.link', { division: local(divisions.find((one) => one.id === id)?.name) })}
              </Link>
            ))}
          {hasRole(session, 'official') && <Link to={`/desk/${round.id}/settings`}>{t('settings.heading')}</Link>}
        </nav>
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
                    <Row key={proposal.id} proposal={proposal} round={round}>
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
                    </Row>
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
                  <Card as="section" className="desk-bulk">
                    <h2>{t('assign.chosen', { count: chosen.length })}</h2>
                    <h3>{t('assign.heading')}</h3>
                    <Assign
                      round={round.id}
                      areas={[...new Set(chosen.map(({ text }) => text.area ?? ''))]}
                      proposals={chosen.map(({ id }) => id)}
                      onDone={() => {
                        setPicked([])
                      }}
                    />
                    <h3>{t('expert:refer.heading')}</h3>
                    <Refer
                      round={round.id}
                      proposals={chosen.map(({ id }) => id)}
                      onDone={() => {
                        setPicked([])
                      }}
                    />
                    {chosen.length > 1 && chosen.every(({ may }) => may.includes('merge')) && (
                      <LinkButton
                        small
                        variant="secondary"
                        to={`/desk/${round.id}/merge?of=${chosen.map(({ id }) => id).join(',')}`}
                      >
                        {t('merge:desk.merge_chosen')}
                      </LinkButton>
                    )}
                  </Card>
                )}
              </>
            )
          }}
        </Ask>
      </div>
    </Page>
  )
}

function Search({ words, onSearch }: { words: string; onSearch: (words: string) => void }) {
  const { t } = useTranslation('desk')
  const [text, setText] = useState(words)
  return (
    <form
      role="search"
      className="desk-search"
      onSubmit={(event) => {
        event.preventDefault()
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
    </form>
  )
}

function Row({ proposal, round, children }: { proposal: Proposal; round: Round; children: ReactNode }) {
  const { t } = useTranslation(['desk', 'shell', 'proposal', 'expert'])
  const { euros } = useFormat()
  const { text, state, facilitator, estimation, estimate } = proposal
  const area = round.settings.areas.find(({ id }) => id === text.area)
  const now = new Date(round.now)
  const waited = daysSince(proposal.submitted_at ?? proposal.updated_at, now)
  return (
    <li className="desk-row">
      {children}
      <div>
        <h2>
          <Link to={`/desk/${round.id}/${String(proposal.id)}`} lang={text.language}>
            {text.title}
          </Link>
        </h2>
        <div className="desk-facts">
          <StatusLabel kind={colourOf(state)}>{t(`shell:state.${state}`)}</StatusLabel>
          {state === 'needs_information' && proposal.answer_by && <Clock until={proposal.answer_by} now={now} />}
          {area && (
            <span>
              <Local text={area.name} />
            </span>
          )}
          <span>{t('queue.waited', { count: waited })}</span>
          {estimation && (
            <StatusLabel kind={estimation === 'given' ? 'success' : estimation === 'unpublished' ? 'alert' : 'info'}>
              {t(`expert:estimation.${estimation}`)}
            </StatusLabel>
          )}
          {estimation === 'waiting' && proposal.estimate_by && <EstimateClock until={proposal.estimate_by} now={now} />}
          {estimation !== 'waiting' && estimate?.feasibility && (
            <span>{t(`expert:feasibility.${estimate.feasibility}`)}</span>
          )}
          {estimation !== 'waiting' && estimate?.cost && (
            <span>
              {t('proposal:cost.range', { from: euros(estimate.cost.minimum), to: euros(estimate.cost.maximum) })}
            </span>
          )}
          {estimate && estimate.missing.length > 0 && (
            <StatusLabel kind="alert">
              {t('expert:missing', { languages: estimate.missing.map((lang) => t(`expert:in.${lang}`)).join(', ') })}
            </StatusLabel>
          )}
          <span>{facilitator ? t('queue.taken', { name: facilitator }) : t('queue.free')}</span>
        </div>
      </div>
    </li>
  )
}

/** How long the division may still estimate. */
function EstimateClock({ until, now }: { until: string; now: Date }) {
  const { t } = useTranslation('expert')
  const left = daysUntil(until, now)
  return left < 0 ? (
    <StatusLabel kind="error">{t('queue.overdue')}</StatusLabel>
  ) : (
    <span>{t('queue.left', { count: left })}</span>
  )
}

/** How long the author may still answer; past that somebody has to decide what follows. */
function Clock({ until, now }: { until: string; now: Date }) {
  const { t } = useTranslation('desk')
  const left = daysUntil(until, now)
  return left < 0 ? (
    <StatusLabel kind="error">{t('queue.overdue')}</StatusLabel>
  ) : (
    <span>{t('queue.left', { count: left })}</span>
  )
}
