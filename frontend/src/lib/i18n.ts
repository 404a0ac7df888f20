import { useSyncExternalStore } from 'react'
import { keepLang, type Lang } from './lang'
import { pause } from './query'

/** A feature's texts: of keys, and of groups of them. */
export interface Words {
  readonly [key: string]: string | Words
}

/** How to load each feature's texts in each language, by "<feature>.<lang>". */
export type Texts = ReadonlyMap<string, () => Promise<Words>>

/** What stands in a text's {{gaps}}. A count chooses its form, too: key_zero, key_one or key_other. */
export type Gaps = Readonly<Record<string, string | number | boolean | null | undefined>> & {
  count?: number
  /** What is said where there is no such text. */
  defaultValue?: string
}

/** Says a text: "group.key" of the first feature that was asked for, "feature:group.key" of any. */
export type Say = (key: string, gaps?: Gaps) => string

interface Texter {
  t: Say
  /** Whether there is such a text. */
  has: (key: string) => boolean
}

let sources: Texts = new Map()
let language: Lang = 'fi'
let wanted: Lang = language
const loaded = new Map<string, Words>()
const coming = new Map<string, Promise<void>>()
const failed = new Map<string, unknown>()
const listeners = new Set<() => void>()

function follow(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Starts the texts in one language; other features' texts follow with their pages. */
export async function startTexts(lang: Lang, texts: Texts): Promise<void> {
  sources = texts
  await load('shell', lang)
  wanted = lang
  show(lang)
}

/** Gives a feature's texts without loading them, as tests do. */
export function giveTexts(lang: Lang, features: Readonly<Record<string, Words>>): void {
  for (const [feature, words] of Object.entries(features)) loaded.set(`${feature}.${lang}`, words)
}

/**
 * Changes the language of the open page. The texts in use are loaded first, so that
 * nothing unmounts and no half-filled form or basket is lost.
 */
export async function speak(lang: Lang): Promise<void> {
  keepLang(lang)
  wanted = lang
  const features = new Set([...loaded.keys(), ...coming.keys()].map((name) => name.slice(0, name.lastIndexOf('.'))))
  await Promise.allSettled([...features].map((feature) => load(feature, lang)))
  if (wanted === lang) show(lang) // or else another was chosen meanwhile
}

function show(lang: Lang): void {
  language = lang
  document.documentElement.lang = lang
  for (const listener of listeners) listener()
}

/** Loads a feature's texts before they are shown. */
export const loadTexts = (feature: string): Promise<void> => load(feature, language)

function load(feature: string, lang: Lang): Promise<void> {
  const name = `${feature}.${lang}`
  const source = sources.get(name)
  if (!source || loaded.has(name)) return Promise.resolve()
  const before = coming.get(name)
  if (before) return before
  const loading = persist(source)
    .then(
      (words) => {
        loaded.set(name, words)
      },
      (cause: unknown) => {
        // The page that waited says so; one that is opened later tries anew.
        failed.set(name, cause)
        setTimeout(() => failed.delete(name), 1000)
        throw cause
      },
    )
    .finally(() => coming.delete(name))
  coming.set(name, loading)
  return loading
}

/** A network that fails is tried again. */
async function persist<T>(source: () => Promise<T>, failures = 0): Promise<T> {
  try {
    return await source()
  } catch (cause) {
    if (failures === 3) throw cause
    await new Promise((resolve) => setTimeout(resolve, pause(failures, cause)))
    return persist(source, failures + 1)
  }
}

const texters = new Map<string, Texter>()

/**
 * The texts of one or several features in the language of the page, or in another. What draws with them waits until they are there.
 * Keys begin with the prefix, and without a feature of their own are the first one's.
 */
export function useTranslation(
  features: string | readonly string[] = 'shell',
  { keyPrefix = '', lng }: { keyPrefix?: string; lng?: Lang } = {},
): Texter {
  const page = usePageLang()
  const lang = lng ?? page
  const all = [features].flat()
  const missing = all.filter((feature) => sources.has(`${feature}.${lang}`) && !loaded.has(`${feature}.${lang}`))
  if (missing.length > 0) {
    const broken = missing.map((feature) => `${feature}.${lang}`).find((name) => failed.has(name))
    // A promise is thrown as in a lazy component: React's use would have to be asked for each again, loaded or not.
    if (broken) throw failed.get(broken)
    throw Promise.all(missing.map((feature) => load(feature, lang)))
  }
  const name = [lang, all[0], keyPrefix].join(' ')
  const texter = texters.get(name) ?? texterOf(lang, all[0] ?? 'shell', keyPrefix)
  texters.set(name, texter)
  return texter
}

/** The language of the page. */
export const usePageLang = (): Lang =>
  useSyncExternalStore(
    follow,
    () => language,
    () => language,
  )

/** Whether there is such a text, "feature:group.key", in the language of the page. */
export const hasText = (key: string): boolean => find(language, key) !== undefined

function texterOf(lang: Lang, feature: string, prefix: string): Texter {
  const whole = (key: string) => (key.includes(':') ? key : `${feature}:${prefix && `${prefix}.`}${key}`)
  const plural = new Intl.PluralRules(lang)
  return {
    has: (key) => find(lang, whole(key)) !== undefined,
    t(key, gaps = {}) {
      const at = whole(key)
      const { count, defaultValue = key } = gaps
      const forms = count === undefined ? [] : [...(count === 0 ? ['_zero'] : []), `_${plural.select(count)}`]
      const text = [...forms, ''].map((form) => find(lang, at + form)).find((found) => found !== undefined)
      return (text ?? defaultValue).replace(/{{(\w+)}}/g, (_, gap: string) => String(gaps[gap] ?? ''))
    },
  }
}

function find(lang: Lang, key: string): string | undefined {
  const colon = key.indexOf(':')
  let found: string | Words | undefined = loaded.get(`${key.slice(0, colon)}.${lang}`)
  for (const part of key.slice(colon + 1).split('.'))
    found = typeof found === 'object' && Object.hasOwn(found, part) ? found[part] : undefined
  return typeof found === 'string' ? found : undefined
}
