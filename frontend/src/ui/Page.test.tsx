// @vitest-environment jsdom
import { renderToStaticMarkup } from 'react-dom/server'
import { MemoryRouter } from '@/lib/router'
import { beforeAll, expect, it } from 'vitest'
import { speak } from '@/lib/i18n'
import { Page } from './Page'
import { useHeading } from './text'

beforeAll(() => speak('sv'))

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
  await speak('fi')
  expect(shown(name)).not.toContain('lang=')
})
