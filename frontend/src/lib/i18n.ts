import i18next, { type BackendModule } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { keepLang, langs, type Lang } from './lang'

/** How to load each feature's texts in each language, by "<feature>.<lang>". */
export type Texts = ReadonlyMap<string, () => Promise<Record<string, unknown>>>

const backend = (texts: Texts): BackendModule => ({
  type: 'backend',
  init: () => undefined,
  read(lang, feature, done) {
    const load = texts.get(`${feature}.${lang}`)
    if (!load) {
      done(new Error(`no texts for ${feature} in ${lang}`), false)
      return
    }
    load().then(
      (words) => {
        done(null, words)
      },
      (cause: Error) => {
        done(cause, true) // a network that fails is tried again
      },
    )
  },
})

/** Starts the texts in one language; other features' texts follow with their pages. */
export async function startTexts(lang: Lang, texts: Texts): Promise<void> {
  document.documentElement.lang = lang
  await i18next
    .use(backend(texts))
    .use(initReactI18next)
    .init({
      lng: lang,
      supportedLngs: langs,
      fallbackLng: false,
      ns: ['shell', 'problem'],
      defaultNS: 'shell',
      interpolation: { escapeValue: false }, // React escapes
    })
}

/**
 * Changes the language of the open page. The texts in use are loaded first, so that
 * nothing unmounts and no half-filled form or basket is lost.
 */
export async function speak(lang: Lang): Promise<void> {
  keepLang(lang)
  await i18next.changeLanguage(lang)
  document.documentElement.lang = lang
}
