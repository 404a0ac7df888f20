import { expect, it } from 'vitest'
import { changesOf, merged } from './newer'

const base = { areas: [{ pot: 1 }, { pot: 2 }], name: { fi: 'a' }, codes: ['x'] }

it('keeps what both have changed at different places', () => {
  const mine = { ...base, areas: [{ pot: 10 }, { pot: 2 }], name: { fi: 'a', sv: 'b' } }
  const theirs = { ...base, areas: [{ pot: 1 }, { pot: 20 }], codes: ['x', 'y'] }
  expect(merged(base, mine, theirs)).toEqual({
    areas: [{ pot: 10 }, { pot: 20 }],
    name: { fi: 'a', sv: 'b' },
    codes: ['x', 'y'],
  })
  expect(changesOf(base, mine, theirs)).toEqual([
    { path: 'areas[1].pot', mine: 2, theirs: 20 },
    { path: 'codes', mine: ['x'], theirs: ['x', 'y'] },
  ])
})

it('keeps mine where both have changed the same, and tells of it', () => {
  const mine = { ...base, name: { fi: 'mine' } }
  const theirs = { ...base, name: { fi: 'theirs' } }
  expect(merged(base, mine, theirs)).toEqual(mine)
  expect(changesOf(base, mine, theirs)).toEqual([{ path: 'name.fi', mine: 'mine', theirs: 'theirs' }])
})

it('takes a list as a whole where its members have come or gone', () => {
  const mine = { ...base, areas: [{ pot: 1 }] }
  const theirs = { ...base, areas: [{ pot: 1 }, { pot: 3 }] }
  expect(merged(base, mine, theirs).areas).toEqual([{ pot: 1 }])
  expect(merged(base, base, theirs)).toEqual(theirs)
  expect(changesOf(base, mine, theirs).map(({ path }) => path)).toEqual(['areas'])
})

it('takes an amount that cannot be read for one that I have changed', () => {
  expect(merged({ pot: 1 }, { pot: NaN }, { pot: 2 })).toEqual({ pot: NaN })
  expect(merged({ pot: NaN }, { pot: NaN }, { pot: 2 })).toEqual({ pot: 2 })
})

it('takes a moment being written as one', () => {
  const time = (local: string, moment?: string) => ({ opens: { local, moment } })
  const base = time('2027-10-31T03:30', '2027-10-31T00:30:00Z')
  const mine = time('2027-10-31T03:30', '2027-10-31T01:30:00Z')
  const theirs = time('2027-11-01T03:30', '2027-11-01T01:30:00Z')
  expect(merged(base, mine, theirs)).toEqual(mine)
  expect(merged(base, base, theirs)).toEqual(theirs)
  expect(changesOf(base, mine, theirs)).toEqual([{ path: 'opens', mine: mine.opens, theirs: theirs.opens }])
})
