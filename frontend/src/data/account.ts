import { queryOptions } from '@tanstack/react-query'
import { keys } from './keys'
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

export const askReminders = (round: string, asked: ReminderOf[]) =>
  ask(office.PUT('/api/v1/rounds/{round}/reminders', { params: { path: { round } }, body: { asked } }))

export const updateMailbox = (body: Schemas['MailboxChange']) => ask(office.PUT('/api/v1/mailbox', { body }))

/** The secret of a link in an e-mail: it stands behind the #, which the browser sends to nobody. */
export const tokenOf = (hash: string) => hash.replace(/^#/, '')
