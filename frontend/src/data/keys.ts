const under =
  (name: string) =>
  (round: string, ...of: unknown[]): readonly unknown[] => [name, round, ...of]

const round = under('round')
const proposal = under('proposal')
const proposals = under('proposals')
const event = under('event')
const events = under('events')

/**
 * Under what each answer is kept in the cache (lib/session.ts has its own). Those of a round can be named all at once: what
 * goes on after the round narrows a key, and a shorter key stands for all that begin with it.
 */
export const keys = {
  map: ['map'],
  helpers: ['helpers'] as const,
  programs: ['programs'],
  mailbox: ['mailbox'],
  sessions: ['sessions'],
  lookUps: ['look-ups'],
  reminders: under('reminders'),
  presets: ['presets'],
  staff: ['staff'],
  emails: under('emails'),
  letters: under('letters'),
  rounds: ['rounds'],
  round,
  steps: (id: string) => round(id, 'steps'),
  roll: (id: string) => round(id, 'roll'),
  rollImport: (id: string) => round(id, 'roll', 'import'),
  onBallot: (id: string) => round(id, 'ballot'),
  accepted: (id: string) => round(id, 'accepted'),
  audit: (id: string) => round(id, 'audit'),
  auditChoices: (id: string) => round(id, 'audit', 'choices'),
  auditCheck: (id: string) => round(id, 'audit', 'check'),
  numbers: under('numbers'),
  results: under('results'),
  projects: under('projects'),
  equality: under('equality'),
  statistics: under('statistics'),

  allProposals: ['proposals'],
  proposals,
  mine: (id: string) => proposals(id, 'mine'),
  followed: (id: string) => proposals(id, 'followed'),
  points: under('points'),
  places: under('places'),
  similar: under('similar'),
  proposal,
  translations: under('translations'),
  versions: (id: string, number: number) => proposal(id, number, 'versions'),
  estimates: (id: string, number: number) => proposal(id, number, 'estimates'),
  interest: under('interest'),
  images: under('images'),
  comments: under('comments'),
  authors: under('authors'),
  ties: under('ties'),
  enquiries: under('enquiries'),
  invitation: (token: string) => ['invitation', token],

  desk: under('desk'),
  queue: under('queue'),
  trail: under('trail'),
  filters: under('filters'),
  work: under('work'),
  overview: under('overview'),
  file: under('file'),
  contacts: under('contacts'),
  assisted: under('assisted'),

  events,
  deskEvents: (id: string) => events(id, 'desk'),
  event,
  eventFile: (id: string, number: number) => event(id, number, 'file'),

  deliveries: (wanted: unknown) => ['deliveries', wanted],
  delivery: under('delivery'),
  ledger: under('ledger'),
  fund: ['fund'],
  area: (id: string, round?: string) => ['area', id, round],
  catalogue: ['catalogue'],

  manifest: under('manifest'),
  ballot: under('ballot'),
  rights: under('rights'),
  receipt: under('receipt'),
  check: (wanted: unknown) => ['check', wanted],
  qr: (text: string) => ['qr', text],
  photo: (href?: string) => ['photo', href],
  onSheet: under('sheet'),
}
