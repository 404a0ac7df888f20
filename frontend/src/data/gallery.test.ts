import { QueryClient } from '@tanstack/react-query'
import { expect, it } from 'vitest'
import { inTurn } from './gallery'

it('stores one after another, and goes on after a failure', async () => {
  const cache = new QueryClient()
  const done: string[] = []
  let open: () => void = () => undefined
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  const first = inTurn(cache, 'r', 1, async () => {
    await gate
    done.push('first')
    throw new Error('refused')
  })
  const second = inTurn(cache, 'r', 1, () => {
    done.push('second')
    return Promise.resolve()
  })
  const elsewhere = inTurn(cache, 'r', 2, () => {
    done.push('elsewhere')
    return Promise.resolve()
  })
  await elsewhere
  open()
  await expect(first).rejects.toThrow('refused')
  await second
  expect(done).toEqual(['elsewhere', 'first', 'second'])
})
