// @vitest-environment jsdom
import { renderToStaticMarkup } from 'react-dom/server'
import { giveTexts, speak } from '@/lib/i18n'
import { beforeAll, describe, expect, it } from 'vitest'
import contract from '../../../../handlers/api/openapi.gen.yaml?raw'
import { Problem, type Code, type FieldProblem } from '@/lib/problem'
import en from './problem.en.json'
import fi from './problem.fi.json'
import sv from './problem.sv.json'
import { useProblemText } from './useProblemText'

/** Every name that stands in a path of the contract: the properties of its schemas. */
const names = [...new Set([...contract.matchAll(/^ {8}(\w+):/gm)].map(([, name]) => name ?? ''))]

/** Whether a field is one, a list's or a part of one makes no difference but for these. */
const paths = [
  ...names,
  ...['pot', 'choices', 'name'].flatMap((name) => [`settings.areas[3].${name}`, `rows[7].${name}[2]`]),
]

/** Each kind of limit that the server names: a count, cents, a day, a moment, an example, and words for developers. */
const limits: Record<string, string | undefined> = {
  none: undefined,
  count: '60',
  cents: '123456789',
  day: '2026-11-29',
  moment: '2026-11-29T01:13:04Z',
  'moment of another zone': '2026-12-08T03:10:00+05:00',
  example: '12 000',
  address: 'name@example.org',
  words: 'no paper for it',
  state: 'in_evaluation',
  form: 'a-z 0-9 -',
}

const fieldCodes = Object.keys(fi.field).map((key) =>
  key === 'under_min' ? 'too_few' : key === 'over_max' ? 'too_many' : key,
) as FieldProblem['code'][]

/** Words that Finnish or Swedish has, too. */
const shared = new Set('osbu csv utf xlsx xls jpeg png webp gif on be cell form in just program sent under'.split(' '))
const wordsOf = (text: string) => text.toLowerCase().match(/\p{L}+/gu) ?? []
const leaves = (texts: object): string[] =>
  Object.values(texts).flatMap((text: string | object) => (typeof text === 'string' ? [text] : leaves(text)))
const english = new Set(
  leaves(en)
    .flatMap(wordsOf)
    .filter((word) => word.length > 1 && !shared.has(word)),
)

function Field({ fields }: { fields: FieldProblem[] }) {
  const { field } = useProblemText()
  return (
    <>
      {fields.map((one, index) => (
        <p key={index}>{field(one)}</p>
      ))}
    </>
  )
}

function Text({ code }: { code: Code }) {
  return <>{useProblemText().text(new Problem(code))}</>
}

const said = (element: React.ReactNode) =>
  renderToStaticMarkup(element)
    .replace(/[\u00a0\u202f]/g, ' ')
    .replace(/&[^;]+;/g, ' ')

beforeAll(() => {
  giveTexts('fi', { problem: fi })
  giveTexts('sv', { problem: sv })
})

describe.each(['fi', 'sv'] as const)('in %s', (lang) => {
  beforeAll(() => speak(lang))

  it.each(Object.keys(fi.code))('says %s without an English word', (code) => {
    const text = said(<Text code={code as Code} />)
    expect(text.length).toBeGreaterThan(10)
    expect(text).not.toMatch(/code\.|_/)
    expect(wordsOf(text).filter((word) => english.has(word))).toEqual([])
  })

  it.each(fieldCodes)('says %s of every field of the contract, whatever its limit is', (code) => {
    expect(names.length).toBeGreaterThan(200)
    const fields = Object.values(limits).flatMap((limit) => paths.map((field) => ({ field, code, limit })))
    for (const text of new Set(said(<Field fields={fields} />).split(/<\/?p>/))) {
      expect(text).not.toMatch(/[[\]_@]|settings|rows|\{\{|field\.|bare\.|when\./)
      expect(text).not.toMatch(/\d{4}-\d{2}-\d{2}|\dT\d|\dZ/) // neither a UTC stamp nor a day of a machine
      expect(text).not.toContain('123456789') // cents, or a count that nobody can read
      expect(wordsOf(text).filter((word) => english.has(word))).toEqual([])
    }
  })
})
