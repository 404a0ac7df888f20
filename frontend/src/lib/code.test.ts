import { describe, expect, it } from 'vitest'
import { plainCode } from './code'

describe('plainCode', () => {
  it.each([
    ['as printed', '0123-ABCD-10YZ'],
    ['small letters and spaces', ' 0123 abcd 10yz '],
    ['no-break spaces and hyphens', '0123\u00a0ABCD\u201110YZ'],
    ['an em dash', '0123—ABCD—10YZ'],
    ['a final full stop', '0123-ABCD-10YZ.'],
    ['full width', '０１２３－ＡＢＣＤ－１０ＹＺ'],
    ['what cannot be seen', '\ufeff0123-ABCD\u200b-10YZ\u00ad'],
  ])('reads a code with %s', (_, typed) => {
    expect(plainCode(typed)).toBe('0123ABCD10YZ')
  })

  it('keeps what makes it no code, in what a header can carry', () => {
    expect(plainCode('0123-АBCD')).toBe('0123?BCD')
    expect(plainCode(' – . ')).toBe('')
  })
})
