import { describe, expect, it } from 'vitest'
import { filterOf } from './proposal'

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
