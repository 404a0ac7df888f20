import { useMutation, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useTranslation } from '@/lib/i18n'
import { useLocation } from '@/lib/router'
import { MailNote } from '@/resident/account/MailNote'
import { AnchorButton, Button, Notification } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { ask, office } from '@/lib/api'
import { useFormat, useLang } from '@/lib/format'
import { signInHref, useSession } from '@/lib/session'
import { Trouble } from '@/ui/problem/Trouble'
import type { Round } from '@/data/round'
import { eventQuery, type Event } from '@/data/event'
import { classes } from '@/lib/classes'
import styles from '@/shared/event/event.module.css'

/** How many seats there are, and mine. */
export function SignUp({ round, event }: { round: Round; event: Event }) {
  const { t } = useTranslation('event')
  const { number } = useFormat()
  const lang = useLang()
  const session = useSession()
  const here = useLocation()
  const cache = useQueryClient()
  const path = { params: { path: { round: round.id, event: event.id } } }
  const change = useMutation({
    mutationFn: (on: boolean) =>
      ask(
        on
          ? office.PUT('/api/v1/rounds/{round}/events/{event}/seat', path)
          : office.DELETE('/api/v1/rounds/{round}/events/{event}/seat', path),
      ),
    onSuccess: (after) => {
      cache.setQueryData(eventQuery(round.id, event.id).queryKey, (before) => ({
        ...before,
        ...after,
        mine: after.mine,
      }))
      void cache.invalidateQueries({ queryKey: keys.mailbox })
      announce(
        !after.mine
          ? t('seat.left')
          : after.mine.waiting
            ? t('seat.waiting', { number: number(after.mine.waiting) })
            : t('seat.mine'),
      )
    },
  })
  const { seats } = event.text
  if (seats === 0 || event.state !== 'published') return null
  const free = seats - event.taken
  const { mine } = event
  return (
    <section className={classes('stack-s', styles.seat)}>
      <h2>{t('seat.heading')}</h2>
      <p>
        {free > 0 ? t('seat.free', { count: free, seats: number(seats) }) : t('seat.full', { seats: number(seats) })}
        {event.waiting > 0 && ` ${t('seat.line', { count: event.waiting })}.`}
      </p>
      {mine && (
        <Notification kind={mine.waiting ? 'info' : 'success'}>
          {mine.waiting ? t('seat.waiting', { number: number(mine.waiting) }) : t('seat.mine')}
        </Notification>
      )}
      {!event.open && <p>{t('seat.closed')}</p>}
      {event.open && (
        <>
          <div className="actions no-print">
            {session?.signed_in ? (
              <Button
                variant={mine ? 'secondary' : 'primary'}
                busy={change.isPending}
                onClick={() => {
                  change.mutate(!mine)
                }}
              >
                {t(mine ? 'seat.leave' : free > 0 ? 'seat.take' : 'seat.queue')}
              </Button>
            ) : (
              <AnchorButton href={signInHref(here.pathname, lang)} start="signin">
                {t('seat.sign_in')}
              </AnchorButton>
            )}
          </div>
          {mine && <MailNote event />}
          <p className="muted">{t('seat.kept')}</p>
        </>
      )}
      {change.error && <Trouble cause={change.error} />}
    </section>
  )
}
