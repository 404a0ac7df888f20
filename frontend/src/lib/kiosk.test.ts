// @vitest-environment jsdom
import { afterEach, expect, test } from 'vitest'
import { kioskOf, setKiosk, wipe } from './kiosk'

afterEach(() => {
  localStorage.clear()
})

test('a kiosk forgets its voter, and not what it is', () => {
  setKiosk('r')
  localStorage.setItem('osbu.vote.r.basket', '{}')
  sessionStorage.setItem('osbu.form.x', '1')
  wipe()
  expect(Object.keys(localStorage)).toEqual(['osbu.kiosk'])
  expect(sessionStorage).toHaveLength(0)
  expect(kioskOf()).toBe('r')
  setKiosk(undefined)
  expect(kioskOf()).toBeUndefined()
})
