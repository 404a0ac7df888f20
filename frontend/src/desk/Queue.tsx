import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { Button, Checkbox, Select, StatusLabel } from '@/hds'
import { Ask } from '@/lib/Ask'
import { useFormat } from '@/lib/format'
import { hasRole, useSession } from '@/lib/session'
import { Local, useLocal } from '@/lib/text'
import { colourOf, publicStates, type Proposal } from '@/proposal/proposals'
import { useRound, type Round } from '@/round/rounds'
import { AskPage } from '@/shell/AskPage'
import { Page } from '@/shell/Page'
import { daysSince, queueFilterOf, queueQuery } from './queue'

/** What waits in my districts, the longest-waiting first. The address holds the filter. */
export function Queue() {
  return <AskPage query={useRound()}>{(round) => <QueuePage round={round} />}</AskPage>
}

function QueuePage({ round }: { round: Round }) {
  const { t } = useTranslation(['desk', 'shell', 'comment'])
  const local = useLocal()
  const { number } = useFormat()
  const session = useSession()
  const [params, setParams] = useSearchParams()
  const filter = queueFilterOf(params)
  const query = useInfiniteQuery(queueQuery(round.id, filter))
  const mine = session?.areas ?? []
  const areas = round.settings.areas.filter(({ id }) => hasRole(session, 'official', 'expert') || mine.includes(id))
  const choose = (key: string, value: string) => {
    setParams((old) => {
      const next = new URLSearchParams(old)
      if (value) next.set(key, value)
      else next.delete(key)
      return next
    })
  }
  return (
    <Page title={t('queue.title', { round: local(round.name) })} above={[{ to: '/desk', text: t('title') }]} lead={areas.length > 0 && t('queue.areas', { areas: areas.map(({ name }) => local(name)).join(', ') })}>
      <div className="stack-l">
        {hasRole(session, 'facilitator', 'official') && (
          <p>
            <Link to={`/desk/${round.id}/comments`}>{t('comment:moderation.link')}</Link>
          </p>
        )}
        <div className="desk-filters">
          <Select
            label={t('queue.area')}
            value={filter.area ?? ''}
            onChange={(event) => { choose('area', event.target.value) }}
            options={[{ value: '', label: t('queue.all') }, ...areas.map(({ id, name }) => ({ value: id, label: local(name) }))]}
          />
          <Select
            label={t('queue.state')}
            value={filter.state ?? ''}
            onChange={(event) => { choose('state', event.target.value) }}
            options={[{ value: '', label: t('queue.waiting') }, ...publicStates.map((state) => ({ value: state, label: t(`shell:state.${state}`) }))]}
          />
          <Checkbox label={t('queue.mine')} checked={filter.takenByMe} onChange={(event) => { choose('mine', event.target.checked ? 'yes' : '') }} />
        </div>
        <Ask query={query}>
          {({ pages }) => (
            <>
              <p role="status">{t('queue.count', { count: pages[0]?.total ?? 0, number: number(pages[0]?.total ?? 0) })}</p>
              {pages[0]?.total === 0 && <p className="lead">{t('queue.empty')}</p>}
              <ul className="plain desk-queue">
                {pages.flatMap(({ proposals }) => proposals).map((proposal) => (
                  <Row key={proposal.id} proposal={proposal} round={round} />
                ))}
              </ul>
              {query.hasNextPage && (
                <Button variant="secondary" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  {t('queue.more')}
                </Button>
              )}
            </>
          )}
        </Ask>
      </div>
    </Page>
  )
}

function Row({ proposal, round }: { proposal: Proposal; round: Round }) {
  const { t } = useTranslation(['desk', 'shell', 'proposal'])
  const { text, state, facilitator } = proposal
  const area = round.settings.areas.find(({ id }) => id === text.area)
  const waited = daysSince(proposal.submitted_at ?? proposal.updated_at, new Date(round.now))
  return (
    <li className="desk-row">
      <h2>
        <Link to={`/desk/${round.id}/${String(proposal.id)}`} lang={text.language}>
          {text.title}
        </Link>
      </h2>
      <p className="desk-facts">
        <StatusLabel kind={colourOf(state)}>{t(`shell:state.${state}`)}</StatusLabel>
        {area && (
          <span>
            <Local text={area.name} />
          </span>
        )}
        <span>{t('queue.waited', { count: waited })}</span>
        <span>{facilitator ? t('queue.taken', { name: facilitator }) : t('queue.free')}</span>
      </p>
    </li>
  )
}
