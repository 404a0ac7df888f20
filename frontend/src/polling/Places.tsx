import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { openAt, placesQuery, type Place } from '@/data/polling'
import { isFrozen, isVoteOver, useRound, type Round } from '@/data/round'
import { announce } from '@/lib/announce'
import { ask, office } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { hasRole, useSession } from '@/lib/session'
import { Ask } from '@/ui/Ask'
import { AskPage } from '@/ui/AskPage'
import { Button, Card, StatusLabel } from '@/ui/hds'
import { Page } from '@/ui/Page'
import { Trouble } from '@/ui/problem/Trouble'
import { Local, useLocal } from '@/ui/text'
import { Watch } from './Watch'
import styles from './polling.module.css'

/** A round's voting places: an officer's own first. */
export function Places() {
  return <AskPage query={useRound()}>{(round) => <PlacesPage round={round} />}</AskPage>
}

function PlacesPage({ round }: { round: Round }) {
  const { t } = useTranslation('polling')
  const local = useLocal()
  const session = useSession()
  const official = hasRole(session, 'official')
  return (
    <Page
      title={local(round.name)}
      above={[{ to: '/polling', text: t('title') }]}
      lead={t(official ? 'places.lead_official' : 'places.lead')}
    >
      <Ask query={useQuery(placesQuery(round.id))}>
        {(places) =>
          places.length === 0 ? (
            <p>{t('places.none')}</p>
          ) : (
            <div className="stack-l">
              {isFrozen(round) && (
                <p>
                  <Link to={`/polling/${round.id}/batches`}>{t('batches.title')}</Link>
                </p>
              )}
              {official && round.phase === 'voting' && <Watch round={round.id} places={places} now={round.now} />}
              <ul className={`plain ${styles.list ?? ''}`}>
                {places
                  .toSorted((a, b) => Number(b.mine) - Number(a.mine))
                  .map((place) => (
                    <PlaceCard key={place.id} round={round} place={place} />
                  ))}
              </ul>
            </div>
          )
        }
      </Ask>
    </Page>
  )
}

function PlaceCard({ round, place }: { round: Round; place: Place }) {
  const { t } = useTranslation('polling')
  const session = useSession()
  const { span, number } = useFormat()
  const next = openAt(place, new Date(round.now))
  const works = place.mine || hasRole(session, 'official')
  const change = useChange(round)
  const title = <Local text={place.title} />
  return (
    <Card as="li" className="stack">
      <h2>{works ? <Link to={`/polling/${round.id}/${String(place.id)}`}>{title}</Link> : title}</h2>
      <p>
        {place.place}, {place.address}
      </p>
      <p className="tags">
        {next?.open && <StatusLabel kind="success">{t('places.open')}</StatusLabel>}
        {next && <span>{span(next.begins, next.ends)}</span>}
        {place.mine && <StatusLabel kind="info">{t('places.mine')}</StatusLabel>}
      </p>
      {place.assisted !== undefined && (
        <p>{t('places.assisted', { count: place.assisted, n: number(place.assisted) })}</p>
      )}
      {!!place.paper && <p>{t('places.paper', { count: place.paper, n: number(place.paper) })}</p>}
      {!place.mine && place.asked && <p>{t('places.asked')}</p>}
      {!place.asked && hasRole(session, 'officer') && !isVoteOver(round) && (
        <div className="actions">
          <Button
            variant="secondary"
            busy={change.isPending}
            onClick={() => {
              change.mutate({ place, to: 'asked' })
            }}
          >
            {t('places.ask')}
          </Button>
        </div>
      )}
      {place.officers && (
        <section className="stack">
          <h3>{t('officers.heading')}</h3>
          <ul className={`plain ${styles.officers ?? ''}`}>
            {place.officers.map(({ account, name, assigned }) => (
              <li key={account}>
                <span>
                  {name}
                  {!assigned && `, ${t('officers.asks')}`}
                </span>
                {!isVoteOver(round) && !assigned && (
                  <Button
                    small
                    aria-label={t('officers.assign_of', { name })}
                    onClick={() => {
                      change.mutate({ place, officer: account, to: 'assigned' })
                    }}
                  >
                    {t('officers.assign')}
                  </Button>
                )}
                {!isVoteOver(round) && (
                  <Button
                    small
                    variant="secondary"
                    aria-label={t('officers.remove_of', { name })}
                    onClick={() => {
                      change.mutate({ place, officer: account, to: 'removed' })
                    }}
                  >
                    {t('officers.remove')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      {works && !place.mine && !place.officers?.length && <p>{t('officers.none')}</p>}
      {change.error && <Trouble cause={change.error} />}
    </Card>
  )
}

interface Change {
  place: Place
  officer?: number
  to: 'asked' | 'assigned' | 'removed'
}

function useChange(round: Round) {
  const { t } = useTranslation('polling')
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ place: { id: event }, officer = 0, to }: Change) => {
      const path = { round: round.id, event }
      switch (to) {
        case 'asked':
          return ask(office.PUT('/api/v1/rounds/{round}/places/{event}/request', { params: { path } }))
        case 'assigned':
          return ask(
            office.PUT('/api/v1/rounds/{round}/places/{event}/officers/{officer}', {
              params: { path: { ...path, officer } },
            }),
          )
        default:
          return ask(
            office.DELETE('/api/v1/rounds/{round}/places/{event}/officers/{officer}', {
              params: { path: { ...path, officer } },
            }),
          )
      }
    },
    onSuccess: (_, { to }) => {
      announce(t(`done.${to}`))
      return cache.invalidateQueries({ queryKey: placesQuery(round.id).queryKey })
    },
  })
}
