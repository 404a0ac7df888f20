import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { renderToStaticMarkup } from 'react-dom/server'
import { MemoryRouter } from 'react-router'
import { beforeAll, expect, it } from 'vitest'
import { Page } from './Page'
import { useHeading } from './text'

beforeAll(() => i18next.use(initReactI18next).init({ lng: 'sv', resources: {} }))

const name = { fi: 'Osallistuva budjetointi', en: 'Budgeting' }

function Named({ text }: { text: Partial<Record<'fi' | 'sv' | 'en', string>> }) {
  return (
    <Page {...useHeading()(text)} above={[{ to: '/sv', text: 'Hem' }]}>
      <p />
    </Page>
  )
}

const shown = (text: typeof name) =>
  renderToStaticMarkup(
    <MemoryRouter>
      <Named text={text} />
    </MemoryRouter>,
  )

it('says the language of a name that is not in the page’s own', async () => {
  const page = shown(name)
  expect(page).toMatch(/<h1[^>]* lang="fi"[^>]*>Osallistuva budjetointi/)
  expect(page).toMatch(/<li aria-current="page" lang="fi">/)
  await i18next.changeLanguage('fi')
  expect(shown(name)).not.toContain('lang=')
})
