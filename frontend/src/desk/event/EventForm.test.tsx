// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { MemoryRouter } from '@/lib/router'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Event } from '@/data/event'
import type { Round } from '@/data/round'
import { sessionQuery } from '@/lib/session'
import { Problem } from '@/lib/problem'
import { EventForm } from './EventForm'

let root: Root
const onSave = vi.fn()
vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)

const round = { id: '2027', settings: { areas: [] } } as unknown as Round

const event = (version: number, place: string, begins = '2027-03-01T15:00:00Z') =>
  ({
    id: 7,
    version,
    state: 'draft',
    text: {
      kind: 'workshop',
      title: { fi: 'Paja' },
      about: {},
      place,
      address: 'Katu 1',
      times: [{ number: 1, begins, ends: '2027-03-01T17:00:00Z' }],
      languages: ['fi'],
      access: [],
      access_note: {},
      seats: 0,
    },
  }) as unknown as Event

function show(event: Event, cause?: unknown) {
  const cache = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } })
  cache.setQueryData(sessionQuery.queryKey, { roles: ['official'] } as never)
  act(() => {
    root.render(
      <QueryClientProvider client={cache}>
        <MemoryRouter>
          <EventForm round={round} event={event} busy={false} cause={cause} onSave={onSave} />
        </MemoryRouter>
      </QueryClientProvider>,
    )
  })
}

const field = (id: string) => document.getElementById(`event.${id}`) as HTMLInputElement
const save = () => document.querySelector<HTMLButtonElement>('button[type=submit]')
const press = (text: string) => {
  act(() => {
    ;[...document.querySelectorAll('button')].find((one) => one.textContent.includes(text))?.click()
  })
}

function write(id: string, text: string) {
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set
  act(() => {
    set?.call(field(id), text)
    field(id).dispatchEvent(new window.Event('input', { bubbles: true }))
  })
}

function open() {
  root = createRoot(document.body.appendChild(document.createElement('div')))
}

function close() {
  act(() => {
    root.unmount()
  })
  document.body.replaceChildren()
}

beforeEach(open)

afterEach(() => {
  close()
  sessionStorage.clear()
  onSave.mockReset()
})

it('shows what others have written, and sends nothing over it before one chooses', () => {
  show(event(1, 'Kirjasto'))
  write('address', 'Katu 2')
  show(event(2, 'Koulu'), new Problem('edited_meanwhile', 409))
  expect(field('place').value).toBe('Kirjasto')
  expect(save()?.disabled || save()?.getAttribute('aria-disabled')).toBeTruthy()
  press('newer.mine')
  expect([field('place').value, field('address').value]).toEqual(['Koulu', 'Katu 2'])
  act(() => save()?.click())
  expect(onSave.mock.calls[0]?.[0]).toMatchObject({ place: 'Koulu', address: 'Katu 2' })
})

it('tells of what was kept over a reload if the event is a newer one by then', () => {
  show(event(1, 'Kirjasto'))
  write('place', 'Asematalo')
  close()
  open()
  show(event(2, 'Koulu'))
  expect(field('place').value).toBe('Asematalo')
  press('newer.theirs')
  expect(field('place').value).toBe('Koulu')
})

it('goes on if only the state of the event has changed', () => {
  show(event(1, 'Kirjasto'))
  write('address', 'Katu 2')
  show(event(2, 'Kirjasto'))
  act(() => save()?.click())
  expect(onSave.mock.calls[0]?.[0]).toMatchObject({ address: 'Katu 2' })
})

it('begins anew with what was saved', () => {
  show(event(1, 'Kirjasto'))
  write('place', ' Koulu ')
  act(() => save()?.click())
  act(() => {
    onSave.mock.calls[0]?.[1](event(2, 'Koulu'))
  })
  show(event(2, 'Koulu'))
  expect(field('place').value).toBe('Koulu')
  expect(document.body.textContent).not.toContain('newer.mine')
})
