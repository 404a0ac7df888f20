import { queryOptions, type QueryClient } from '@tanstack/react-query'
import { keys } from './keys'
import { ask, office, type Schemas } from '@/lib/api'
import { limitsImageOrder, limitsImageText } from '@/lib/limits.gen'
import { Problem } from '@/lib/problem'

export type Image = Schemas['Image']

/** What the server takes, too: it refuses more. */
export const most = limitsImageOrder.images.maxItems
export const largest = 10 * 1024 * 1024
export const longestAlt = limitsImageText.alt.maxLength
export const kinds = 'image/jpeg,image/png,image/webp,image/gif'

export const imagesQuery = (round: string, proposal: number) =>
  queryOptions({
    queryKey: keys.images(round, proposal),
    queryFn: () =>
      ask(office.GET('/api/v1/rounds/{round}/proposals/{proposal}/images', { params: { path: { round, proposal } } })),
    staleTime: Infinity, // what this page changes it writes there itself
  })

export const imageHref = (round: string, proposal: number, id: string, size: Schemas['ImageSize']) =>
  `/api/v1/rounds/${round}/proposals/${String(proposal)}/images/${id}/${size}`

/** Uploads the bytes as they are. Too many of them are refused here, before they travel. */
export async function addImage(round: string, proposal: number, file: Blob): Promise<Image> {
  if (file.size > largest) throw new Problem('image_too_large')
  return ask(
    office.POST('/api/v1/rounds/{round}/proposals/{proposal}/images', {
      params: { path: { round, proposal } },
      body: '', // the serializer below sends the file instead
      bodySerializer: () => file,
      headers: { 'Content-Type': 'application/octet-stream' },
    }),
  )
}

export const arrangeImages = (round: string, proposal: number, images: Image[]) =>
  ask(
    office.PUT('/api/v1/rounds/{round}/proposals/{proposal}/images', {
      params: { path: { round, proposal } },
      body: { images: images.map(({ id, alt }) => ({ id, alt })) },
    }),
  )

export const removeImage = (round: string, proposal: number, image: string) =>
  ask(
    office.DELETE('/api/v1/rounds/{round}/proposals/{proposal}/images/{image}', {
      params: { path: { round, proposal, image } },
    }),
  )

/** Acts when all that was done before to the proposal's images has reached the server: a text on its way must not undo an order chosen after it. */
export const inTurn = <T>(cache: QueryClient, round: string, proposal: number, act: () => Promise<T>): Promise<T> =>
  cache
    .getMutationCache()
    .build(cache, { scope: { id: `images ${round} ${String(proposal)}` }, mutationFn: act })
    .execute(undefined)

/** The images that the cache has, and a way to put others there. */
export function heldImages(
  cache: QueryClient,
  round: string,
  proposal: number,
): { images: Image[]; put: (images: Image[]) => void } {
  const { queryKey } = imagesQuery(round, proposal)
  return {
    images: cache.getQueryData(queryKey)?.images ?? [],
    put: (images) => {
      cache.setQueryData(queryKey, (before) => ({ open: before?.open ?? true, images }))
    },
  }
}

/** The list with one image moved a place up or down. */
export function moved(images: Image[], from: number, by: -1 | 1): Image[] {
  const to = from + by
  const one = images[from]
  if (!one || to < 0 || to >= images.length) return images
  const rest = images.filter((_, index) => index !== from)
  return [...rest.slice(0, to), one, ...rest.slice(to)]
}
