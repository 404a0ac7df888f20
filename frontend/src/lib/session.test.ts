// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { signInHref } from './session'

const returnTo = (path: string) => new URL(signInHref(path, 'sv'), 'http://osbu.test').searchParams.get('return_to')

describe('signInHref', () => {
  it('comes back to the same place, filters included', () => {
    expect(returnTo('/sv/rounds/r/propose?step=3&x=%26')).toBe('/sv/rounds/r/propose?step=3&x=%26')
    expect(returnTo('/sv')).toBe('/sv')
    expect(returnTo('/sv/rounds/r/proposals/7#discussion')).toBe('/sv/rounds/r/proposals/7#discussion')
  })

  it('leaves the problem of an earlier try behind', () => {
    expect(returnTo('/sv?problem=sign_in_failed')).toBe('/sv')
  })
})
