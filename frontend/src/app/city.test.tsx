// @vitest-environment jsdom
import { renderToStaticMarkup } from 'react-dom/server'
import { MemoryRouter } from '@/lib/router'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import haparanda from '../../../domain/city/testdata/haparanda.json'
import { middle } from '@/shared/map/ground'
import { Languages } from './shell/Languages'
import { Logo } from './shell/Logo'
import { city } from '@/lib/city'
import { format } from '@/lib/format'
import { speak, startTexts, type Words } from '@/lib/i18n'
import { preferredLang } from '@/lib/lang'
import { inLang } from '@/ui/text'
import { textsOf } from './texts'

const texts = textsOf(import.meta.glob<Words>('../{app,ui}/**/*.{fi,sv,en}.json', { import: 'default' }))

/** Writes a city into the page, as the server does. */
function serve(settings: unknown) {
  const element = document.getElementById('city')
  if (!element) throw new Error('city.setup.ts has not run')
  const before = element.textContent
  element.textContent = JSON.stringify(settings)
  return () => {
    element.textContent = before
  }
}

describe('Helsinki, where nothing else is said', () => {
  it('is whose the page is', async () => {
    await startTexts('fi', texts)
    expect(city().name.fi).toBe('Helsinki')
    expect(renderToStaticMarkup(<Logo />)).toContain('<span>osbu</span>')
    expect(renderToStaticMarkup(<Logo />)).toContain('<svg')
    expect(middle()).toEqual([60.2, 24.95])
  })
})

describe('another city', () => {
  beforeEach(() => serve({ ...haparanda, logo: '/logo.svg' }))

  it('has its own name and logo, in the language of the page', async () => {
    await startTexts('sv', texts)
    expect(renderToStaticMarkup(<Logo />)).toContain('<img src="/logo.svg"')
    expect(renderToStaticMarkup(<Logo />)).toContain('<span>Gränsens budget</span>')
    await speak('fi')
    expect(renderToStaticMarkup(<Logo />)).toContain('<span>Rajan budjetti</span>')
  })

  it('speaks its first language to those whose browser names none of ours', () => {
    localStorage.clear()
    vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['et-EE'])
    expect(preferredLang()).toBe('sv')
    vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['et-EE', 'fi-FI'])
    expect(preferredLang()).toBe('fi')
  })

  it('offers its languages in its order', () => {
    const shown = renderToStaticMarkup(
      <MemoryRouter at={'/sv'}>
        <Languages />
      </MemoryRouter>,
    )
    expect([...shown.matchAll(/hrefLang="(..)"/gi)].map(([, lang]) => lang)).toEqual(['sv', 'fi', 'en'])
  })

  it('shows a text that is missing in its first language', () => {
    expect(inLang({ fi: 'Penkki', sv: 'Bänk' }, 'en')).toEqual({ value: 'Bänk', lang: 'sv' })
  })

  it('shows times by its own clock, also across midnight', () => {
    const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')
    expect(plain(format('sv').dateTime('2026-03-01T22:30:00Z'))).toBe('1.3.2026 kl. 23.30')
    expect(plain(format('fi').dateTime('2026-03-01T23:30:00Z'))).toBe('2.3.2026 klo 0.30')
  })

  it('lies elsewhere', () => {
    expect(middle()).toEqual([65.835, 24.137])
  })
})
