import { infiniteQueryOptions } from '@tanstack/react-query'
import { ask, office } from '@/lib/api'
import { publicStates, type ProposalState } from '@/proposal/proposals'

/** What the queue shows; waiting stands for the states in which somebody must act. */
export interface QueueFilter {
  area?: string
  state?: ProposalState
  takenByMe: boolean
}

export function queueFilterOf(params: URLSearchParams): QueueFilter {
  return {
    area: params.get('area') ?? undefined,
    state: publicStates.find((state) => state === params.get('state')),
    takenByMe: params.get('mine') === 'yes',
  }
}

export const queueQuery = (round: string, { area, state, takenByMe }: QueueFilter) =>
  infiniteQueryOptions({
    queryKey: ['queue', round, area, state, takenByMe],
    queryFn: ({ pageParam }) =>
      ask(
        office.GET('/api/v1/rounds/{round}/queue', {
          params: { path: { round }, query: { area, state, taken_by_me: takenByMe || undefined, after: pageParam } },
        }),
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.next,
  })

/** Whole days between two moments: how long a proposal has waited. */
export const daysSince = (from: string, now: Date) => Math.max(0, Math.floor((now.getTime() - Date.parse(from)) / 86_400_000))

/** Euros as an official writes them ("12 500", "12 500,50", "12500.5 €") in cents; undefined if it is no amount. */
export function centsOf(text: string): number | undefined {
  const plain = text.replace(/[\s\u00a0\u202f€]/g, '').replace(',', '.')
  if (!/^\d{1,12}(\.\d{1,2})?$/.test(plain)) return undefined
  const [euros, cents = ''] = plain.split('.')
  return Number(euros) * 100 + Number(cents.padEnd(2, '0'))
}

const helsinki = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Helsinki', dateStyle: 'short', timeStyle: 'medium' })

/** The day some days after a moment, as Helsinki counts them: 2026-03-01. */
export const dayAfter = (now: string, days: number) => helsinki.format(new Date(Date.parse(now) + days * 86_400_000)).slice(0, 10)

/** The last minute of a day in Helsinki, whatever the offset is then (+02:00 in winter, +03:00 in summer). */
export function endOfDay(day: string): string {
  const guess = new Date(`${day}T23:59:00+02:00`)
  const shown = helsinki.format(guess)
  return (shown.startsWith(day) ? guess : new Date(`${day}T23:59:00+03:00`)).toISOString()
}
