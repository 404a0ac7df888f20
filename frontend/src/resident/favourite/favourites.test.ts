// @vitest-environment jsdom
import { expect, it } from 'vitest'
import { favourites, toggleFavourite } from './favourites'

it('keeps the favourites of each round in this browser, until they are taken out', () => {
  toggleFavourite('one', 7)
  toggleFavourite('one', 3)
  toggleFavourite('two', 5)
  expect(favourites('one')).toEqual([7, 3])
  toggleFavourite('one', 7)
  expect(favourites('one')).toEqual([3])
  localStorage.setItem('osbu.vote.one.favourites', '"nonsense"')
  expect(favourites('one')).toEqual([])
})
