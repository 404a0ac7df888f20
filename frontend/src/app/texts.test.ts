import { describe, expect, it } from 'vitest'
import { langs } from '@/lib/lang'

interface Tree {
  [key: string]: string | Tree
}
const files = import.meta.glob<Tree>('../**/*.{fi,sv,en}.json', { import: 'default', eager: true })

/** Flattens to "nav.home" → "Etusivu". */
function flat(tree: Tree, path = ''): Map<string, string> {
  const all = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    const name = path ? `${path}.${key}` : key
    if (typeof value === 'string') all.set(name, value)
    else for (const [inner, text] of flat(value, name)) all.set(inner, text)
  }
  return all
}

const gaps = (text: string) => [...text.matchAll(/{{\s*(\w+)/g)].map(([, name]) => name).sort()
const features = [...new Set(Object.keys(files).map((file) => file.replace(/\.(fi|sv|en)\.json$/, '')))].sort()

it('calls no two features by one name: texts are found by it', () => {
  const names = features.map((feature) => feature.slice(feature.lastIndexOf('/') + 1))
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})

describe.each(features)('%s', (feature) => {
  const texts = langs.map((lang) => ({ lang, all: flat(files[`${feature}.${lang}.json`] ?? {}) }))
  const finnish = texts[0]?.all ?? new Map<string, string>()

  it.each(texts)('says the same things in $lang', ({ all }) => {
    expect([...all.keys()].sort()).toEqual([...finnish.keys()].sort())
  })

  // lib/i18n would take such a key for a form of another one's plural.
  it('ends no key like a plural form, unless it is one', () => {
    const keys = [...finnish.keys()]
    const form = /_(zero|one|two|few|many|other)$/
    expect(keys.filter((key) => form.test(key) && !finnish.has(key.replace(form, '_other')))).toEqual([])
  })

  it.each(texts)('leaves nothing empty in $lang', ({ all }) => {
    expect([...all].filter(([, text]) => !text.trim())).toEqual([])
  })

  it.each(texts)('fills in the same names in $lang', ({ all }) => {
    for (const [key, text] of finnish)
      expect({ key, gaps: gaps(all.get(key) ?? '') }).toEqual({ key, gaps: gaps(text) })
  })
})
