import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { city } from './city'
import { isLang, type Lang } from './lang'

const locale: Record<Lang, string> = { fi: 'fi-FI', sv: 'sv-FI', en: 'en-GB' }

/** How amounts, numbers and times are written in one language; times are always the city's. */
export interface Format {
  /** Euro cents → "1 868 353 €"; cents are shown only when there are some. */
  euros: (cents: number) => string
  number: (value: number) => string
  /** A share 0–1 → "12,3 %". */
  percent: (share: number) => string
  /** "12.3.2026" */
  date: (time: string | Date) => string
  /** "12.3.2026 klo 16.00" */
  dateTime: (time: string | Date) => string
}

export function format(lang: Lang): Format {
  const tag = locale[lang]
  const whole = new Intl.NumberFormat(tag, { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 })
  const exact = new Intl.NumberFormat(tag, { style: 'currency', currency: 'EUR' })
  const number = new Intl.NumberFormat(tag)
  const percent = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 1 })
  const { time_zone: timeZone } = city()
  const day = {
    day: 'numeric',
    month: lang === 'en' ? 'short' : 'numeric',
    year: 'numeric',
    timeZone,
  } as const
  const time = { hour: 'numeric', minute: '2-digit', timeZone } as const
  const date = new Intl.DateTimeFormat(tag, day)
  const dateTime = new Intl.DateTimeFormat(tag, { ...day, ...time })
  const clock = new Intl.DateTimeFormat(tag, time)
  return {
    euros: (cents) => (cents % 100 === 0 ? whole : exact).format(cents / 100),
    number: (value) => number.format(value),
    percent: (share) => percent.format(share),
    date: (time) => date.format(new Date(time)),
    // Intl leaves "kl." out of Finland's Swedish.
    dateTime: (time) =>
      lang === 'sv'
        ? `${date.format(new Date(time))} kl. ${clock.format(new Date(time))}`
        : dateTime.format(new Date(time)),
  }
}

/** The language of the page. */
export function useLang(): Lang {
  const { i18n } = useTranslation()
  return isLang(i18n.language) ? i18n.language : 'fi'
}

/** Format in the language of the page. */
export function useFormat(): Format {
  const lang = useLang()
  return useMemo(() => format(lang), [lang])
}
