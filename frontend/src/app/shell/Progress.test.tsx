// @vitest-environment jsdom
import { act } from 'react'
import { createRoot } from 'react-dom/client'
import { lazy, Suspense } from 'react'
import { BrowserRouter, Link, Route, Routes } from '@/lib/router'
import { afterEach, expect, it, vi } from 'vitest'
import { startTexts, type Words } from '@/lib/i18n'
import { textsOf } from '../texts'
import { pageAt } from './ahead'
import Progress from './Progress'

const texts = textsOf(import.meta.glob<Words>('../../{app,ui}/**/*.{fi,sv,en}.json', { import: 'default' }))

afterEach(() => {
  vi.useRealTimers()
  history.replaceState(null, '', '/')
})

it('shows a sign when a page is long in coming, and takes it away when it is there', async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  await startTexts('fi', texts)
  let arrive!: () => void
  const Slow = lazy(
    () =>
      new Promise<{ default: () => string }>((resolve) => {
        arrive = () => {
          resolve({ default: () => 'perillä' })
        }
      }),
  )
  vi.useFakeTimers()
  const root = document.body.appendChild(document.createElement('div'))
  await act(() => {
    createRoot(root).render(
      <BrowserRouter>
        <Progress />
        <Link to="/slow">hitaalle</Link>
        <Suspense>
          <Routes>
            <Route path="/" element="alku" />
            <Route path="/slow" element={<Slow />} />
          </Routes>
        </Suspense>
      </BrowserRouter>,
    )
    return Promise.resolve()
  })
  const sign = () => root.querySelector('[role=status]')?.textContent
  await act(() => {
    root.querySelector('a')?.click()
    return Promise.resolve()
  })
  expect(root.textContent).toContain('alku')
  expect(sign()).toBe('')
  await act(() => {
    vi.advanceTimersByTime(300)
    return Promise.resolve()
  })
  expect(sign()).toBe('Ladataan…')
  await act(async () => {
    arrive()
    await vi.runAllTimersAsync()
  })
  expect(root.textContent).toContain('perillä')
  expect(sign()).toBe('')
})

it.each([
  ['/fi/rounds/r', 'round'],
  ['/sv/rounds/r/proposals/7', 'proposal'],
  ['/en/rounds/r/results', 'results'],
  ['/fi/account', 'account'],
  ['/fi', undefined],
  ['/desk', undefined],
  ['/api/v1/sign-in', undefined],
])('knows what %s opens with', (path, words) => {
  expect(pageAt(path)?.[2]).toBe(words)
})
