import { describe, expect, it } from 'vitest'
import { trimmed, unnamed } from './NameFields'

describe('a round’s name', () => {
  it('is needed in the languages in which the city speaks to everybody', () => {
    expect(unnamed({ name: { fi: 'OmaStadi', sv: '  ' }, rehearsal: false }, 'missing')).toEqual({
      'name.sv': 'missing',
    })
    expect(unnamed({ name: { fi: '', sv: 'EgetStan', en: 'x' }, rehearsal: true }, 'missing')).toEqual({
      'name.fi': 'missing',
    })
  })

  it('leaves out what is empty, and no more', () => {
    expect(trimmed({ fi: ' OmaStadi 2027 ', sv: 'EgetStan', en: ' ' })).toEqual({ fi: 'OmaStadi 2027', sv: 'EgetStan' })
  })
})
