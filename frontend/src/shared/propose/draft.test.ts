// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest'
import { empty, fieldsOf, forget, isBlank, keep, kept, stepOf, swedishOf, textOf } from './draft'

describe('textOf', () => {
  it('leaves empty fields out', () => {
    expect(textOf({ ...empty, title: 'Penkki', why: '  ' }, 'sv')).toEqual({ title: 'Penkki', language: 'sv' })
  })

  it('sends a point as numbers', () => {
    expect(textOf({ ...empty, point: '60.18699, 24.95036' }, 'fi').point).toEqual({
      latitude: 60.18699,
      longitude: 24.95036,
    })
  })

  it('comes back as it was', () => {
    const fields = { ...empty, title: 'Penkki', what: 'Monta', area: 'keskinen', point: '60.18699, 24.95036' }
    expect(fieldsOf({ text: textOf(fields, 'fi') })).toEqual(fields)
  })

  it('keeps the Swedish words apart', () => {
    const swedish = { title: 'Bänk', what: 'Många' }
    const fields = fieldsOf({ text: { title: 'Penkki', language: 'fi' }, swedish })
    expect(textOf(fields, 'fi')).toEqual({ title: 'Penkki', language: 'fi' })
    expect(swedishOf(fields)).toEqual(swedish)
  })
})

describe('a text kept in the browser', () => {
  beforeEach(() => {
    localStorage.clear()
  })

  it('is found again for its own round and proposal only', () => {
    const text = { fields: { ...empty, title: 'Penkki' }, version: 0 }
    keep('r', undefined, text)
    expect(kept('r', undefined)).toEqual(text)
    expect(kept('r', 1)).toBeUndefined()
    expect(kept('other', undefined)).toBeUndefined()
    forget('r', undefined)
    expect(kept('r', undefined)).toBeUndefined()
  })

  it('is found again though the form has got more fields since', () => {
    localStorage.setItem(
      'osbu.propose.r.new',
      '{"fields":{"title":"Penkki","what":"","why":"","area":"","place":"","point":"","theme":""},"version":0}',
    )
    expect(kept('r', undefined)).toEqual({ fields: { ...empty, title: 'Penkki' }, version: 0 })
  })

  it('is ignored when it is not what we wrote', () => {
    for (const spoilt of ['{', 'null', '{"fields":{},"version":1}', '{"fields":{"title":1},"version":1}']) {
      localStorage.setItem('osbu.propose.r.new', spoilt)
      expect(kept('r', undefined)).toBeUndefined()
    }
  })
})

describe('the form', () => {
  it('knows on which step a field is', () => {
    expect([stepOf('what'), stepOf('theme')]).toEqual([0, 1])
  })

  it('is blank when only spaces are written', () => {
    expect(isBlank({ ...empty, title: '  ' })).toBe(true)
    expect(isBlank({ ...empty, area: 'keskinen' })).toBe(false)
  })
})
