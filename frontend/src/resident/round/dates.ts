import type { Round } from '@/data/round'
import type { CalendarDay } from '@/lib/calendar'
import { dayOf } from '@/lib/day'

/** What of a round one may want to be reminded of. */
export type RoundDate = 'proposing_ends' | 'voting_begins' | 'voting_ends'

/** The last day before something ends: a closing at midnight is the day before. */
const lastDay = (closes: string) => dayOf(new Date(Date.parse(closes) - 1))

/** The days that are still to come, each with the alarm of the day before if something ends. */
export function datesOf(
  { times: { proposing, voting } }: Pick<Round, 'times'>,
  now: Date,
  say: (date: RoundDate, tomorrow: boolean) => string,
  address: string,
): CalendarDay[] {
  const today = dayOf(now)
  return (
    [
      ['proposing_ends', lastDay(proposing.closes), true],
      ['voting_begins', dayOf(voting.opens), false],
      ['voting_ends', lastDay(voting.closes), true],
    ] as const
  )
    .filter(([, day]) => day > today)
    .map(([date, day, ends]) => ({
      day,
      title: say(date, false),
      address,
      ...(ends && { dayBefore: say(date, true) }),
    }))
}
