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
  commit: { project: true, decision: false },
  spend: { project: true, decision: false },
  release: { project: true, decision: false },
  maintain: { project: true, decision: false },
  free: { project: true, decision: false },
  reserve: { project: true, decision: true },
  move: { project: true, decision: true },
  add: { project: true, decision: false },
  return: { project: false, decision: true },
  carry: { project: false, decision: true },
} as const satisfies Record<BookingKind, { project: boolean; decision: boolean }>

export const bookingKinds = Object.keys(bookings) as BookingKind[]

/** Accounts on which the money of a pot lies, in the order in which it goes. */
export const held = ['spent', 'maintenance', 'committed', 'reserved', 'free', 'returned', 'carried'] as const
