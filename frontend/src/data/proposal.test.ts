import { describe, expect, it } from 'vitest'
import { filterOf, wordsOf } from './proposal'

const filter = (query: string) => filterOf(new URLSearchParams(query))

describe('filterOf', () => {
  it('reads area, theme, state and words', () => {
    expect(filter('area=keskinen&theme=nature&state=on_ballot&q=penkki')).toEqual({
      area: 'keskinen',
      theme: 'nature',
      state: 'on_ballot',
      q: 'penkki',
    })
  })

  it('leaves out what nobody else may see, what does not exist, and empty words', () => {
    expect(filter('state=draft&q=%20')).toEqual({})
    expect(filter('state=nonsense')).toEqual({})
  })
})

describe('wordsOf', () => {
  const text = {
    title: 'Koirapuisto',
    what: 'Aidattu puisto',
    why: 'Koirille',
    place: 'Haaga',
    language: 'fi' as const,
  }

  it('reads the ballot’s words in each language', () => {
    const listing = {
      title: { fi: 'Koirapuisto Haagaan', sv: 'En hundpark i Haga', en: 'A dog park in Haaga' },
      description: { fi: 'Aidattu puisto.', sv: 'En inhägnad park.' },
    }
    expect(wordsOf({ text, listing }, 'sv')).toEqual({
      title: { value: 'En hundpark i Haga' },
      what: { value: 'En inhägnad park.' },
      why: { value: 'Koirille', lang: 'fi' },
      place: { value: 'Haaga', lang: 'fi' },
    })
    expect(wordsOf({ text, listing }, 'en')).toMatchObject({
      title: { value: 'A dog park in Haaga' },
      what: { value: 'Aidattu puisto', lang: 'fi' },
    })
  })

  it('reads the city’s Swedish, and else what was written, in its own language', () => {
    const swedish = { title: 'Hundpark', what: 'En park', place: 'Haga' }
    expect(wordsOf({ text, swedish }, 'sv').place).toEqual({ value: 'Haga' })
    expect(wordsOf({ text, swedish }, 'fi').title).toEqual({ value: 'Koirapuisto' })
    expect(wordsOf({ text, swedish }, 'en').title).toEqual({ value: 'Koirapuisto', lang: 'fi' })
  })

  it('says a title that stands for a description once', () => {
    expect(wordsOf({ text, listing: { title: { fi: 'Koirapuisto' } } }, 'fi').what).toBeUndefined()
  })
})
