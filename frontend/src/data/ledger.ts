import { queryOptions } from '@tanstack/react-query'
import { keys } from './keys'
import { ask, office, type Schemas } from '@/lib/api'

export type Ledger = Schemas['Ledger']
export type LedgerEntry = Schemas['LedgerEntry']
export type BookingKind = Schemas['BookingKind']
export type Balances = Schemas['LedgerBalances']

export const ledgerQuery = (round: string) =>
  queryOptions({
    queryKey: keys.ledger(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/ledger', { params: { path: { round } } })),
  })

export const fundQuery = queryOptions({
  queryKey: keys.fund,
  queryFn: () => ask(office.GET('/api/v1/ledger')),
})

/** What an official can book; of a project's money, or of an area's. */
export const bookings = {
  commit: { project: true, by: 'voucher' },
  spend: { project: true, by: 'voucher' },
  release: { project: true, by: 'nothing' },
  maintain: { project: true, by: 'voucher' },
  free: { project: true, by: 'nothing' },
  reserve: { project: true, by: 'decision' },
  move: { project: true, by: 'decision' },
  add: { project: true, by: 'voucher' },
  return: { project: false, by: 'decision' },
  carry: { project: false, by: 'decision' },
} as const satisfies Record<BookingKind, { project: boolean; by: 'voucher' | 'decision' | 'nothing' }>

export const bookingKinds = Object.keys(bookings) as BookingKind[]

/** Whose money an entry moved: a project's or an area's, or one's and another's. That of the opening is of all. */
export function whose(entry: LedgerEntry, { projects, areas }: Ledger) {
  if (entry.kind === 'open') return []
  const [giver, ...getters] = entry.lines.toSorted((a, b) => a.cents - b.cents)
  const names = [giver, ...getters].map((line) => projects.find(({ project }) => project === line?.project)?.title)
  const found = names.filter((name) => name !== undefined)
  return found.length > 0
    ? [...new Set(found)]
    : areas.filter(({ area }) => area === giver?.area).map(({ name }) => name)
}

/** Accounts on which the money of a pot lies, in the order in which it goes. */
export const held = ['spent', 'maintenance', 'committed', 'reserved', 'free', 'returned', 'carried'] as const
