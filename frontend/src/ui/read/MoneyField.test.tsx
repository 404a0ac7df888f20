// @vitest-environment jsdom
import { act } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { MoneyField } from './MoneyField'

let root: Root
const onChange = vi.fn()
vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)

const show = (cents: number, whole = false) => {
  act(() => {
    root.render(<MoneyField id="pot" label="Pot" value={cents} whole={whole} onChange={onChange} />)
  })
}
const input = () => document.querySelector<HTMLInputElement>('#pot')

function write(text: string) {
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set
  act(() => {
    const field = input()
    set?.call(field, text)
    field?.dispatchEvent(new Event('input', { bubbles: true }))
  })
}

beforeEach(() => {
  const page = document.createElement('div')
  document.body.append(page)
  root = createRoot(page)
})

afterEach(() => {
  act(() => {
    root.unmount()
  })
  document.body.replaceChildren()
  onChange.mockReset()
})

it.each([
  ['1.868.353', 186_835_300],
  ['100 000,-', 10_000_000],
  ['2,5 milj.', NaN],
  ['-5', NaN],
  ['', NaN],
  ['12.345', NaN],
  ['+Inf', NaN],
])('hands %j on as %d, and keeps what was written', (text, cents) => {
  show(100)
  write(text)
  expect(onChange).toHaveBeenCalledWith(cents)
  show(cents)
  expect(input()?.value).toBe(text)
})

it('does not cut cents off where whole euros are asked for', () => {
  show(100, true)
  write('1000,50')
  expect(onChange).toHaveBeenCalledWith(NaN)
})

it('follows the amount of the area that has moved into its place', () => {
  show(172_341_200)
  show(157_240_850)
  expect(input()?.value).toBe('1572408,50')
})
