// @vitest-environment jsdom
import { renderToStaticMarkup } from 'react-dom/server'
import { beforeAll, expect, it } from 'vitest'
import type { Round } from '@/data/round'
import type { Schemas } from '@/lib/api'
import { giveTexts, speak } from '@/lib/i18n'
import { Answer } from './Answer'
import en from './helpdesk.en.json'
import fi from './helpdesk.fi.json'
import sv from './helpdesk.sv.json'

beforeAll(() => {
  giveTexts('fi', { helpdesk: fi })
  giveTexts('sv', { helpdesk: sv })
  giveTexts('en', { helpdesk: en })
})

const papers = [
  { id: 'own', name: { fi: 'Oma alue', sv: 'Eget område', en: 'Own area' } },
  { id: 'city', name: { fi: 'Koko kaupunki', sv: '' } },
]

function said(...found: Schemas['PaperFound'][]) {
  const round = { settings: { papers } } as unknown as Round
  return renderToStaticMarkup(<Answer found={{ papers: found }} round={round} onNext={() => undefined} />)
}

const both = [
  { paper: 'own', in_use: true },
  { paper: 'city', in_use: false },
]

it.each([
  ['fi', 'Oma alue: käytössä', 'Koko kaupunki: käyttämättä'],
  ['sv', 'Eget område: i bruk', 'Koko kaupunki: oanvänd'],
  ['en', 'Own area: in use', 'Koko kaupunki: not used'],
] as const)('calls each paper by its name in %s, never by its id', async (lang, used, free) => {
  await speak(lang)
  const page = said(...both)
  expect(page).toContain(`<li>${used}</li>`)
  expect(page).toContain(`<li>${free}</li>`)
  expect(page).not.toMatch(/own:|city:/)
})

it('names no paper where there is one', async () => {
  await speak('fi')
  expect(said({ paper: 'own', in_use: true })).not.toContain('Oma alue')
})
