import { useMemo } from 'react'
import { usePageLang } from './i18n'
import { city } from './city'
import { locale, type Lang } from './lang'

/** How amounts, numbers and times are said in one language; times are always the city's. money.ts and day.ts read them. */
export interface Format {
  /** Euro cents → "1 868 353 €"; cents are shown only when there are some. */
  euros: (cents: number) => string
  number: (value: number) => string
  /** A share 0–1 → "12,3 %"; "100 %" is all and "0 %" is none, and never nearly so. */
  percent: (share: number) => string
  /** "12.3.2026", of a moment or of a day. */
  date: (time: string | Date) => string
  /** "12.3.2026 klo 16.00" */
  dateTime: (time: string | Date) => string
  /** When something ends: as dateTime, but midnight is the end of the day before it, "28.12.2026 klo 24". */
  closing: (time: string) => string
  /** The last day before something ends. */
  lastDay: (time: string) => string
  /** "ti 24.11.2026 klo 17.00–19.00"; an end on another day is told with its day. */
  span: (begins: string, ends: string) => string
}

/** How many of something: "1–5", and "3" where neither fewer nor more will do. */
export const between = (least: number, most: number) =>
  least === most ? String(most) : `${String(least)}–${String(most)}`

export function format(lang: Lang): Format {
  const tag = locale[lang]
  const money = { style: 'currency', currency: 'EUR' } as const
  const whole = new Intl.NumberFormat(tag, { ...money, maximumFractionDigits: 0 })
  const exact = new Intl.NumberFormat(tag, money)
  const number = new Intl.NumberFormat(tag)
  const percent = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 1 })
  const { time_zone: timeZone } = city()
  const numbers = { day: 'numeric', month: lang === 'en' ? 'short' : 'numeric', year: 'numeric', timeZone } as const
  const say = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(tag, options)
    return (time: string | Date) => format.format(new Date(time))
  }
  const moment = say(numbers)
  const day = say({ ...numbers, timeZone: 'UTC' })
  const weekday = say({ weekday: 'short', ...numbers })
  const clock = say({ hour: 'numeric', minute: '2-digit', timeZone })
  const at = { fi: ' klo ', sv: ' kl. ', en: ', ' }[lang]
  const date: Format['date'] = (time) => (/^[\d-]{10}$/.test(String(time)) ? day : moment)(time)
  const dateTime: Format['dateTime'] = (time) => date(time) + at + clock(time)
  const lastDay: Format['lastDay'] = (time) => date(new Date(Date.parse(time) - 1))
  return {
    euros: (cents) => (cents % 100 === 0 ? whole : exact).format(cents / 100),
    number: (value) => number.format(value),
    percent: (share) => percent.format(share > 0 && share < 1 ? Math.min(Math.max(share, 0.001), 0.999) : share),
    date,
    dateTime,
    lastDay,
    closing: (time) => {
      if (!/^0+\D00$/.test(clock(time))) return dateTime(time)
      return lang === 'en' ? `end of ${lastDay(time)}` : `${lastDay(time)}${at}24`
    },
    span: (begins, ends) =>
      `${weekday(begins)}${at}${clock(begins)}` +
      (date(begins) === date(ends) ? `–${clock(ends)}` : ` – ${weekday(ends)}${at}${clock(ends)}`),
  }
}

/** The language of the page. */
export const useLang = (): Lang => usePageLang()

/** Format in the language of the page. */
export function useFormat(): Format {
  const lang = useLang()
  return useMemo(() => format(lang), [lang])
}
