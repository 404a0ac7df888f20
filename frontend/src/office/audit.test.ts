import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import en from './office.en.json'
import fi from './office.fi.json'
import sv from './office.sv.json'

const domain = join(import.meta.dirname, '../../../domain')
const sources = readdirSync(domain, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.go') && !name.endsWith('_test.go'))
  .map((name) => readFileSync(join(domain, name), 'utf8'))

/** Actions that the server writes into the log as a literal, and the steps of a round. */
const written = sources.flatMap((text) =>
  [
    /(?:NewEntry|\bnote)\([^,]+, actor, "([^"]+)",/g,
    /\baction :?= "([^"]+)"/g,
    /Action:\s+"([^"]*[^."])"/g,
    /^\t\w+\s+Step = "([^"]+)"/gm,
  ].flatMap((form) => [...text.matchAll(form)].map(([, action = '']) => action.replace(/[ .]/g, '_'))),
)

it('finds the actions', () => {
  expect(written).toEqual(
    expect.arrayContaining([
      'create',
      'settings',
      'rename',
      'freeze',
      'conflict',
      'issue_codes',
      'book',
      'assign_officer',
    ]),
  )
})

it.each([
  ['fi', fi],
  ['sv', sv],
  ['en', en],
])('has words for every action in %s', (_, texts) => {
  expect(written.filter((action) => !(action in texts.audit.did))).toEqual([])
})

// A log that is saved as a file is in the server's words, which are these.
const words = readFileSync(join(domain, 'round/audit_words.go'), 'utf8')
const [actions = '', fields = ''] = words.split('var fieldWords')
const wordsIn = (text: string, lang: string) =>
  Object.fromEntries(
    [...text.matchAll(/^\t"(\w+)":\s+\{([^}]*)\}/gm)].map(([, key = '', said = '']) => [
      key,
      new RegExp(`${lang}: "([^"]*)"`).exec(said)?.[1],
    ]),
  )

it.each([
  ['Fi', fi],
  ['Sv', sv],
  ['En', en],
])('calls actions and fields the same in a file, in %s', (lang, texts) => {
  expect(wordsIn(actions, lang)).toEqual(texts.audit.did)
  expect(wordsIn(fields, lang)).toEqual(texts.audit.of)
})
