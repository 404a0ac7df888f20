import { describe, expect, it } from 'vitest'
import { addImage, largest, moved, type Image } from './images'

const list: Image[] = ['a', 'b', 'c'].map((id) => ({ id, alt: '', width: 1, height: 1 }))
const order = (images: Image[]) => images.map(({ id }) => id).join('')

describe('images', () => {
  it('moves one up and down, and not off the list', () => {
    expect([moved(list, 0, 1), moved(list, 2, -1), moved(list, 0, -1), moved(list, 2, 1), moved(list, 9, 1)].map(order)).toEqual(['bac', 'acb', 'abc', 'abc', 'abc'])
  })

  it('refuses a file that is too large before it travels', async () => {
    await expect(addImage('r', 1, new Blob([new Uint8Array(largest + 1)]))).rejects.toMatchObject({ code: 'image_too_large' })
  })
})
