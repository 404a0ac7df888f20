// @vitest-environment jsdom
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { Link, MemoryRouter, Route, Routes } from '@/lib/router'
import { describe, expect, it, vi } from 'vitest'
import { startTexts, type Words } from '@/lib/i18n'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { textsOf } from './texts'

const texts = textsOf(import.meta.glob<Words>('../{app,ui}/**/*.{fi,sv,en}.json', { import: 'default' }))

/** An answer that comes when the test gives it. */
function held() {
  let give!: (name: string) => void
  const answer = new Promise<string>((resolve) => {
    give = resolve
  })
  return { answer, give }
}

const known = held()
const unknown = held()

/** A page with its own heading, or one whose heading is the answer itself. */
function Slow({ title, answer }: { title?: string; answer: Promise<string> }) {
  const query = useQuery({ queryKey: [title], queryFn: () => answer })
  return (
    <AskPage query={query} title={title}>
      {(name) => <Page title={title ?? name}>{name}</Page>}
    </AskPage>
  )
}

async function open() {
  vi.stubGlobal('scrollTo', vi.fn())
  await startTexts('fi', texts)
  const root = document.body.appendChild(document.createElement('div'))
  createRoot(root).render(
    <QueryClientProvider client={new QueryClient()}>
      <MemoryRouter>
        <Link to="/known">known</Link>
        <Link to="/unknown">unknown</Link>
        <Routes>
          <Route path="/" element={<Page title="Etusivu">.</Page>} />
          <Route path="/known" element={<Slow title="Tulokset" answer={known.answer} />} />
          <Route path="/unknown" element={<Slow answer={unknown.answer} />} />
        </Routes>
      </MemoryRouter>
    </QueryClientProvider>,
  )
}

function follow(link: string) {
  const found = [...document.querySelectorAll('a')].find(({ textContent }) => textContent === link)
  found?.focus()
  found?.click()
}

/** What the page shows: its headings, whether more is on its way, and what has the focus. */
const shown = () => ({
  headings: [...document.querySelectorAll('h1')].map(({ textContent }) => textContent),
  waiting: document.querySelector('.waiting') !== null,
  focus: document.activeElement === document.body ? 'nothing' : document.activeElement?.textContent,
  title: document.title,
})

describe('a page that is loading', () => {
  it('has its heading from the start, and the focus when it is there', async () => {
    await open()
    const soon = (wanted: ReturnType<typeof shown>) =>
      vi.waitFor(
        () => {
          expect(shown()).toEqual(wanted)
        },
        { timeout: 20_000 },
      )
    await soon({ headings: ['Etusivu'], waiting: false, focus: 'nothing', title: 'Etusivu – osbu' })

    follow('known')
    await soon({ headings: ['Tulokset'], waiting: true, focus: 'known', title: 'Etusivu – osbu' })
    known.give('Penkkejä')
    await soon({ headings: ['Tulokset'], waiting: false, focus: 'Tulokset', title: 'Tulokset – osbu' })

    follow('unknown')
    await soon({ headings: ['osbu'], waiting: true, focus: 'unknown', title: 'Tulokset – osbu' })
    unknown.give('Penkkejä')
    await soon({ headings: ['Penkkejä'], waiting: false, focus: 'Penkkejä', title: 'Penkkejä – osbu' })
  })
})
