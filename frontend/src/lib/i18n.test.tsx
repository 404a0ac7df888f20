// @vitest-environment jsdom
import { Suspense, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it, vi } from 'vitest'
import { giveTexts, hasText, speak, startTexts, useTranslation, type Gaps, type Words } from './i18n'

vi.mock('./query', () => ({ pause: () => 0 }))

function draw(node: ReactNode) {
  const root = document.body.appendChild(document.createElement('div'))
  createRoot(root).render(<Suspense fallback="waiting">{node}</Suspense>)
  return root
}

const shows = (root: HTMLElement, text: string) =>
  vi.waitFor(() => {
    expect(root.textContent).toBe(text)
  })

function Said({ feature, name, gaps, prefix }: { feature: string; name: string; gaps?: Gaps; prefix?: string }) {
  return useTranslation(feature, { keyPrefix: prefix }).t(name, gaps)
}

const said = (node: ReactNode) => renderToStaticMarkup(node)

it.each<[string, string, Gaps | undefined, string]>([
  ['a text', 'plain', undefined, 'Puisto'],
  ['a text of a group', 'group.inner', undefined, 'Sisällä'],
  ['what it is given', 'greets', { name: 'Aino {{name}} $t(plain)' }, 'Hei Aino {{name}} $t(plain)!'],
  ['nothing for what it is not given', 'greets', {}, 'Hei !'],
  ['none', 'votes', { count: 0 }, 'ei ääniä'],
  ['one', 'votes', { count: 1 }, '1 ääni'],
  ['many', 'votes', { count: 7 }, '7 ääntä'],
  ['the many form of none, where none has no own', 'days', { count: 0 }, '0 päivää'],
  ['a text without forms, whatever the count', 'plain', { count: 2 }, 'Puisto'],
  ['another feature’s text', 'others:plain', undefined, 'Muu'],
  ['the key where there is no text', 'group.none', undefined, 'group.none'],
  ['the key of a group', 'group', undefined, 'group'],
  ['nothing that objects have of their own', 'constructor', undefined, 'constructor'],
  ['what stands for a missing text', 'group.none', { defaultValue: 'muu' }, 'muu'],
])('says %s', (_, name, gaps, text) => {
  giveTexts('fi', {
    some: {
      plain: 'Puisto',
      group: { inner: 'Sisällä' },
      greets: 'Hei {{name}}!',
      votes_zero: 'ei ääniä',
      votes_one: '{{count}} ääni',
      votes_other: '{{count}} ääntä',
      days_one: '{{count}} päivä',
      days_other: '{{count}} päivää',
    },
    others: { plain: 'Muu' },
  })
  expect(said(<Said feature="some" name={name} gaps={gaps} />)).toBe(text)
})

it('begins keys with their prefix, but no other feature’s', () => {
  giveTexts('fi', { some: { group: { inner: 'Sisällä' } }, others: { plain: 'Muu' } })
  expect(said(<Said feature="some" prefix="group" name="inner" />)).toBe('Sisällä')
  expect(said(<Said feature="some" prefix="group" name="others:plain" />)).toBe('Muu')
})

it('waits for a page’s texts, tries again, and changes the language without waiting', async () => {
  let come!: (words: Words) => void
  let tries = 0
  await startTexts(
    'fi',
    new Map<string, () => Promise<Words>>([
      ['shell.fi', () => Promise.resolve({})],
      [
        'late.fi',
        () => (++tries === 1 ? Promise.reject(new Error('no network')) : new Promise((resolve) => (come = resolve))),
      ],
      ['late.sv', () => Promise.resolve({ said: 'Park' })],
    ]),
  )
  const root = draw(<Said feature="late" name="said" />)
  await shows(root, 'waiting')
  await vi.waitFor(() => {
    expect(tries).toBe(2)
  })
  come({ said: 'Puisto' })
  await shows(root, 'Puisto')
  expect(hasText('late:said')).toBe(true)
  expect(hasText('late:other')).toBe(false)

  const seen: (string | null)[] = []
  const watch = new MutationObserver(() => seen.push(root.textContent))
  watch.observe(root, { characterData: true, childList: true, subtree: true })
  await speak('sv')
  await shows(root, 'Park')
  watch.disconnect()
  expect(seen).not.toContain('waiting')
  expect(document.documentElement.lang).toBe('sv')
})

it('says that texts cannot be had, after some tries', async () => {
  let tries = 0
  await startTexts('fi', new Map([['never.fi', () => Promise.reject(new Error(`no network ${String(++tries)}`))]]))
  const root = document.body.appendChild(document.createElement('div'))
  const caught = vi.fn()
  createRoot(root, { onUncaughtError: caught }).render(
    <Suspense fallback="waiting">
      <Said feature="never" name="said" />
    </Suspense>,
  )
  await vi.waitFor(() => {
    expect(caught).toHaveBeenCalled()
  })
  expect(caught.mock.calls[0]?.[0]).toEqual(new Error('no network 4'))
})

it('shows the language that was chosen last, whichever comes first', async () => {
  let come!: (words: Words) => void
  await startTexts(
    'en',
    new Map<string, () => Promise<Words>>([
      ['slow.en', () => Promise.resolve({ said: 'Park' })],
      ['slow.fi', () => new Promise((resolve) => (come = resolve))],
    ]),
  )
  const root = draw(<Said feature="slow" name="said" />)
  await shows(root, 'Park')
  const first = speak('fi')
  await speak('en')
  come({ said: 'Puisto' })
  await first
  expect(document.documentElement.lang).toBe('en')
  await shows(root, 'Park')
})
