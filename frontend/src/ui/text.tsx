import type { components } from '@/lib/schema.gen'
import { useLang } from '@/lib/format'
import type { Lang } from '@/lib/lang'
import { city } from '@/lib/city'

export type Text = components['schemas']['Text']

/** The text in the wanted language, else in the first language it exists in, with that language's code. */
export function inLang(text: Partial<Record<Lang, string>>, lang: Lang): { value: string; lang: Lang } {
  const found = [lang, ...city().languages].find((code) => text[code]?.trim())
  return found ? { value: text[found] ?? '', lang: found } : { value: '', lang }
}

/** A city's text as a page's heading: with its own language where that is not the page's. */
export function useHeading(): (text: Partial<Record<Lang, string>>) => { title: string; lang?: Lang } {
  const lang = useLang()
  return (text) => {
    const found = inLang(text, lang)
    return { title: found.value, ...(found.lang !== lang && { lang: found.lang }) }
  }
}

/** Picks texts in the page's language, for places that take a plain string. */
export function useLocal(): (text: Partial<Record<Lang, string>> | undefined) => string {
  const lang = useLang()
  return (text) => (text ? inLang(text, lang).value : '')
}

/** A text of the city in the page's language; a fallback says its own language, so that it is pronounced right. */
export function Local({ text }: { text: Partial<Record<Lang, string>> }) {
  const lang = useLang()
  const picked = inLang(text, lang)
  return picked.lang === lang ? <>{picked.value}</> : <span lang={picked.lang}>{picked.value}</span>
}
