import { expect, it } from 'vitest'
import { threadsOf, type Comment } from './discussion'

const said = (id: number, reply_to?: number) => ({ id, reply_to }) as Comment

it('puts answers under what they answer, and by themselves where that is hidden', () => {
  const threads = threadsOf([said(1), said(3, 1), said(5, 1), said(4, 2), said(6)])
  expect(threads.map(({ first, answers }) => [first.id, answers.map(({ id }) => id)])).toEqual([
    [1, [3, 5]],
    [4, []],
    [6, []],
  ])
})
