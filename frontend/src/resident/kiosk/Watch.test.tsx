// @vitest-environment jsdom
import { act } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { giveTexts, speak } from '@/lib/i18n'
import { MemoryRouter } from '@/lib/router'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { setKiosk } from '@/lib/kiosk'
import texts from './kiosk.en.json'
import { Watch } from './Watch'

let root: Root
const replace = vi.fn()

beforeAll(async () => {
  giveTexts('en', { kiosk: texts })
  await speak('en')
})

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
  vi.stubGlobal('location', { ...location, replace })
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true
  }
  HTMLDialogElement.prototype.close = function () {
    this.open = false
  }
  localStorage.setItem('osbu.vote.r.basket', '{}')
  setKiosk('r')
  const page = document.createElement('div')
  document.body.append(page)
  root = createRoot(page)
})

afterEach(() => {
  act(() => {
    root.unmount()
  })
  vi.useRealTimers()
  vi.unstubAllGlobals()
  localStorage.clear()
  replace.mockClear()
})

const watch = (step: string) => {
  act(() => {
    root.render(
      <MemoryRouter at={`/en/rounds/r/vote/${step}`}>
        <Watch round="r" />
      </MemoryRouter>,
    )
  })
}
const pass = (seconds: number) => {
  act(() => {
    vi.advanceTimersByTime(seconds * 1000)
  })
}
const page = () => document.body.textContent

test('who is idle for five minutes is asked, and may stay', () => {
  watch('review')
  pass(299)
  expect(page()).not.toContain('Are you still there?')
  pass(2)
  expect(page()).toContain('Are you still there?')
  act(() => {
    const buttons = [...document.querySelectorAll('button')]
    buttons.find(({ textContent }) => textContent === 'I am still here')?.click()
  })
  pass(299)
  expect(replace).not.toHaveBeenCalled()
  expect(localStorage.getItem('osbu.vote.r.basket')).not.toBeNull()
})

test('who does not answer within half a minute is forgotten', () => {
  watch('review')
  pass(325)
  expect(replace).not.toHaveBeenCalled()
  pass(6)
  expect(replace.mock.calls.at(-1)?.[0]).toMatch(/\/rounds\/r\/kiosk$/)
  expect(Object.keys(localStorage)).toEqual(['osbu.kiosk'])
})

test('a key pressed begins the time anew', () => {
  watch('review')
  pass(200)
  act(() => {
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Tab', bubbles: true }))
  })
  pass(200)
  expect(page()).not.toContain('Are you still there?')
})

test('a receipt stands for thirty seconds, and that it is closed is said before', () => {
  watch('receipt')
  pass(29)
  expect(page()).not.toContain('Your ballot is in the box')
  pass(2)
  expect(page()).toContain('Your ballot is in the box')
})
