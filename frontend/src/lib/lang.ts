import { city } from './city'

/** The languages of every page: the country's two, and English. A city has an order of its own. */
export const langs = ['fi', 'sv', 'en'] as const
export type Lang = (typeof langs)[number]

/** How each is spoken in Finland, for what Intl writes. */
export const locale: Record<Lang, string> = { fi: 'fi-FI', sv: 'sv-FI', en: 'en-GB' }

export const isLang = (text: string | undefined): text is Lang => langs.includes(text as Lang)

const kept = 'osbu.lang'

/** The language chosen last, else the browser's first that we speak, else the city's first. */
export function preferredLang(): Lang {
  const wanted = [stored(kept), ...navigator.languages, ...city().languages]
  return wanted.map((tag) => tag?.slice(0, 2).toLowerCase()).find(isLang) as Lang
}

export function keepLang(lang: Lang): void {
  try {
    localStorage.setItem(kept, lang)
  } catch {
    // Storage may be blocked; the address still carries the language.
  }
}

/** What is stored under a key; nothing where storage is blocked. */
export function stored(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined
  } catch {
    return undefined
  }
}

/** The language a residents' address begins with: /sv/rounds → sv. */
export function langOfPath(path: string): Lang | undefined {
  const first = path.split('/')[1]
  return isLang(first) ? first : undefined
}

/** The page without its language: /sv/rounds → /rounds. */
export const pageOf = (path: string): string => (langOfPath(path) ? path.replace(/^\/[^/]+/, '') : path)

/** The same page in another language: (/fi/rounds, sv) → /sv/rounds. */
export function withLang(path: string, lang: Lang): string {
  const rest = pageOf(path)
  return `/${lang}${rest === '/' ? '' : rest}`
}
