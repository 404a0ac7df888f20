import { calendarOf } from '@/lib/calendar'
import { dayAfter } from '@/lib/day'

/** A calendar's entry for the day after the vote closes, on which one looks for its results. */
export const reminder = (closes: string, now: Date, title: string, address: string): string =>
  calendarOf([{ day: dayAfter(closes, 1), title, address }], now)
