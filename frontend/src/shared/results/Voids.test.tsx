// @vitest-environment jsdom
import { renderToStaticMarkup } from 'react-dom/server'
import { giveTexts, speak } from '@/lib/i18n'
import { MemoryRouter } from '@/lib/router'
import { beforeAll, expect, it } from 'vitest'
import type { Round } from '@/data/round'
import { Voids } from './Voids'
import en from './results.en.json'
import fi from './results.fi.json'
import sv from './results.sv.json'

const langs = { fi, sv, en }
const reasons = ['unopened', 'commitment', 'unreadable', 'foreign', 'form'] as const

beforeAll(() => {
  for (const lang of ['fi', 'sv', 'en'] as const) giveTexts(lang, { results: langs[lang] })
})

function said(voids: Parameters<typeof Voids>[0]['voids'], ...papers: string[]) {
  const round = { settings: { papers: papers.map((id) => ({ id, name: { fi: `Lippu ${id}` } })) } } as unknown as Round
  return renderToStaticMarkup(
    <MemoryRouter>
      <Voids round={round} voids={voids} />
    </MemoryRouter>,
  )
}

it.each(Object.keys(langs) as (keyof typeof langs)[])('tells in %s how many votes are void, and why', async (lang) => {
  await speak(lang)
  const page = said(
    reasons.map((reason, index) => ({ paper: 'a', reason, ballots: index + 11 })),
    'a',
  )
  expect(page).toContain(langs[lang].void.some_other.replace('{{number}}', '65'))
  reasons.forEach((reason, index) => {
    expect(page).toContain(`<li>${langs[lang].void[reason].replace('{{number}}', String(index + 11))}</li>`)
  })
})

it('names the papers where there are several, and one vote as one', async () => {
  await speak('fi')
  const page = said([{ paper: 'b', reason: 'form', ballots: 1 }], 'a', 'b')
  expect(page).toContain(fi.void.some_one.replace('{{number}}', '1'))
  expect(page).toContain('Lippu b')
})

it('says that none is void, and nothing where votes were not sealed', () => {
  expect(said([], 'a')).toContain(fi.void.none)
  expect(said(undefined, 'a')).toBe('')
})
