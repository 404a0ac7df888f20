// @vitest-environment jsdom
import { act, useState } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { MemoryRouter } from '@/lib/router'
import { giveTexts } from '@/lib/i18n'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { Problem, type Code } from '@/lib/problem'
import { Button, TextInput } from '@/ui/hds'
import fi from '@/ui/problem/problem.fi.json'
import { Form } from './Form'
import { useForm } from './useForm'

// What holds of every form: sending fails in some way, what was written stays, and the page says what to do.

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
let root: Root

beforeAll(() => {
  giveTexts('fi', { problem: fi })
})

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
})

function Small({ cause }: { cause?: unknown }) {
  const [text, setText] = useState('')
  const form = useForm({ wrong: { title: text ? undefined : 'Täytä' }, cause })
  return (
    <Form form={form} onSend={() => undefined} actions={<Button type="submit">Lähetä</Button>}>
      <TextInput
        id="title"
        label="Otsikko"
        error={form.errorOf('title')}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
        }}
      />
    </Form>
  )
}

const show = (cause?: unknown) => {
  act(() => {
    root.render(
      <MemoryRouter>
        <Small cause={cause} />
      </MemoryRouter>,
    )
  })
}
const input = () => document.getElementById('title') as HTMLInputElement
const error = () => document.getElementById('title-error')?.textContent
const send = () => {
  act(() => {
    document.querySelector<HTMLButtonElement>('button[type=submit]')?.click()
  })
}
const write = (text: string) => {
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set
  act(() => {
    set?.call(input(), text)
    input().dispatchEvent(new Event('input', { bubbles: true }))
  })
}

/** By the status that the server answers with. */
const refusals: [number, Code][] = [
  [401, 'sign_in_required'],
  [409, 'edited_meanwhile'],
  [409, 'phase_forbids'],
  [429, 'too_many_requests'],
  [503, 'too_busy'],
  [500, 'internal'],
]

describe('a form', () => {
  it.each(refusals)('keeps what was written on %d %s, and says what to do', (status, code) => {
    show()
    write('Penkki rantaan')
    show(new Problem(code))
    expect(input().value).toBe('Penkki rantaan')
    const said = document.querySelector('form')?.textContent ?? ''
    expect(said).toContain(fi.code[code])
    expect(said).toContain(status === 401 ? fi.sign_in_again : fi.written)
    const signIn = document.querySelector('form a[target=_blank]')
    expect(signIn?.getAttribute('href') ?? '').toMatch(status === 401 ? /sign-?in/ : /^$/)
  })

  it('clears its own error when the field is filled', () => {
    show()
    send()
    expect(error()).toBe('Täytä')
    write('Penkki')
    expect(error()).toBeUndefined()
    expect(document.querySelector('.hds-error-summary')).toBeNull()
  })

  it('clears the server’s error when the field is filled, and shows the next one', () => {
    const refused = () => new Problem('invalid_request', 400, [{ field: 'title', code: 'too_long', limit: '9' }])
    show()
    write('Penkki rantaan')
    show(refused())
    expect(error()).toContain('9')
    write('Penkki')
    expect(error()).toBeUndefined()
    show(refused())
    expect(error()).toContain('9')
  })
})

// Every page of the tree, as text: nobody makes a form another way, or one that hears nothing of what the server says.
const pages = Object.entries(
  import.meta.glob<string>(['@/**/*.tsx', '!@/**/*.test.tsx'], { query: '?raw', import: 'default', eager: true }),
).map(([path, text]) => [path.replace(/^.*\/src\//, ''), text] as const)
// The doors to the check read a receipt's number, and send nothing.
const forms = pages.filter(([path, text]) => text.includes('useForm(') && path !== 'resident/check/Doors.tsx')

describe('every form', () => {
  it('is made by Form, or is a search', () => {
    const others = pages.filter(([, text]) => /<form\b/.test(text)).map(([path]) => path)
    expect(others.sort()).toEqual(['ui/form/Form.tsx', 'ui/form/SearchForm.tsx'])
    expect(forms.length).toBeGreaterThan(20)
  })

  it.each(forms)('%s hears what the server answers', (_, text) => {
    expect(text).toMatch(/\bcause\b|<SheetTrouble/)
  })
})
