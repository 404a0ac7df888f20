import { queryOptions, useQueries, useQuery } from '@tanstack/react-query'
import { eventsQuery } from './event'
import { keys } from './keys'
import { roundsQuery } from './round'
import { ask, office, type Schemas } from '@/lib/api'

export type Mailbox = Schemas['Mailbox']
export type NotificationKind = Schemas['NotificationKind']

/** What e-mails are about, the most important first; work is for those who work for the city. */
export const kinds = [
  'decisions',
  'questions',
  'progress',
  'followed',
  'events',
  'comments',
  'reminders',
  'work',
] as const satisfies readonly NotificationKind[]

export const mailboxQuery = queryOptions({ queryKey: keys.mailbox, queryFn: () => ask(office.GET('/api/v1/mailbox')) })

/** Where I am signed in. */
export const sessionsQuery = queryOptions({
  queryKey: keys.sessions,
  queryFn: () => ask(office.GET('/api/v1/sessions')),
})

/** Who looked me up on a roll. */
export const lookUpsQuery = queryOptions({
  queryKey: keys.lookUps,
  queryFn: () => ask(office.GET('/api/v1/session/look-ups')),
})

export type Reminders = Schemas['Reminders']
export type ReminderOf = Schemas['ReminderOf']

/** Of what in a vote I can be reminded, and of what I am. */
export const remindersQuery = (round: string) =>
  queryOptions({
    queryKey: keys.reminders(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/reminders', { params: { path: { round } } })),
  })

/** What is to come of each round that I can be reminded of. */
export function useMyReminders() {
  const { data, isPending } = useQuery(roundsQuery)
  const rounds = (data ?? []).filter(
    ({ phase, rehearsal }) => !rehearsal && !['draft', 'delivering', 'archived'].includes(phase),
  )
  const states = useQueries({ queries: rounds.map(({ id }) => remindersQuery(id)) })
  const all = rounds.flatMap((round, index) => {
    const state = states[index]?.data
    return state && state.coming.length > 0 ? [{ round, state }] : []
  })
  return { all, pending: isPending || states.some((state) => state.isPending) }
}

/** The coming events that I have signed up for. */
export function useMyEvents() {
  const { data, isPending } = useQuery(roundsQuery)
  const rounds = (data ?? []).filter(({ phase }) => phase !== 'draft' && phase !== 'archived')
  const pages = useQueries({ queries: rounds.map(({ id }) => eventsQuery(id, {})) })
  const mine = rounds.flatMap((round, index) =>
    (pages[index]?.data?.events ?? []).flatMap((event) => (event.mine ? [{ round, event, seat: event.mine }] : [])),
  )
  return { mine, pending: isPending || pages.some((page) => page.isPending) }
}

export const askReminders = (round: string, asked: ReminderOf[]) =>
  ask(office.PUT('/api/v1/rounds/{round}/reminders', { params: { path: { round } }, body: { asked } }))

export const updateMailbox = (body: Schemas['MailboxChange']) => ask(office.PUT('/api/v1/mailbox', { body }))

/** The secret of a link in an e-mail: it stands behind the #, which the browser sends to nobody. */
export const tokenOf = (hash: string) => hash.replace(/^#/, '')
