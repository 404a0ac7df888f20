import { expect, it } from 'vitest'
import { changed, timeline, type CaseNote, type Version } from './desk'

const version = (number: number, at: string, what: string): Version => ({
  version: number,
  at,
  by: '',
  action: 'edit',
  state: 'submitted',
  text: { title: 'Penkki', what },
})
const note = (id: number, at: string): CaseNote => ({ id, at, by: 'Leena', text: '', assigned: false })

it('puts steps and notes in the order in which they happened', () => {
  const all = timeline(
    [version(1, '2026-01-01T10:00:00Z', 'a'), version(2, '2026-01-03T10:00:00Z', 'b')],
    [note(7, '2026-01-02T12:00:00+02:00'), note(8, '2026-01-04T00:00:00Z')],
  )
  expect(
    all.map((one) => ('estimate' in one ? one.estimate.number : 'note' in one ? one.note.id : one.version.version)),
  ).toEqual([1, 7, 2, 8])
  expect(
    all.map((one) => ('estimate' in one ? one.estimate.number : 'note' in one ? undefined : one.before?.version)),
  ).toEqual([undefined, undefined, 1, undefined])
})

it('tells only what a version changed', () => {
  expect(changed(version(2, '', 'uusi teksti'), version(1, '', 'vanha teksti'))).toEqual([
    { field: 'what', from: 'vanha teksti', to: 'uusi teksti' },
  ])
  expect(changed(version(2, '', 'a'), version(1, '', 'a'))).toEqual([])
  expect(changed(version(1, '', 'a'), undefined)).toEqual([])
})
