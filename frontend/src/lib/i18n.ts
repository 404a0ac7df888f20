import i18next, { type BackendModule } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { keepLang, langs, type Lang } from './lang'

/** Texts lie beside what they explain: src/<feature>/<feature>.<lang>.json, one file loaded when first needed. */
const files = import.meta.glob<Record<string, unknown>>('../*/*.{fi,sv,en}.json', { import: 'default' })

const backend: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read(lang, feature, done) {
    const load = files[`../${feature}/${feature}.${lang}.json`]
    if (!load) {
      done(new Error(`no texts for ${feature} in ${lang}`), false)
      return
    }
    load().then(
      (texts) => {
        done(null, texts)
      },
      (cause: unknown) => {
        done(cause instanceof Error ? cause : new Error(String(cause)), true)
      },
    )
  },
}

/** Starts the texts in one language; other features' texts follow with their pages. */
export async function startTexts(lang: Lang): Promise<void> {
  document.documentElement.lang = lang
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: lang,
      supportedLngs: langs,
      fallbackLng: false,
      ns: ['shell', 'problem'],
      defaultNS: 'shell',
      interpolation: { escapeValue: false }, // React escapes
      returnNull: false,
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
