import { queryOptions } from '@tanstack/react-query'
import { keys } from './keys'
import { ask, office, type Schemas } from '@/lib/api'
import { limitsNewRollImport } from '@/lib/limits.gen'
import { Problem } from '@/lib/problem'

export type RollImport = Schemas['RollImport']

/** The longest file that the page takes, and how long its parts are; the server refuses others. */
export const mostBytes = limitsNewRollImport.size.maximum
const partBytes = 1024 * 1024

/** Whether a server works on it, so that there is something to wait for. */
export const isWorkedOn = (state: RollImport['state'] | undefined) => state === 'checking' || state === 'taking'

export const rollImportQuery = (round: string) =>
  queryOptions({
    queryKey: keys.rollImport(round),
    queryFn: async () =>
      (await ask(office.GET('/api/v1/rounds/{round}/roll/import', { params: { path: { round } } }))).import ?? null,
    refetchInterval: ({ state: { data } }) => isWorkedOn(data?.state) && 1000,
    staleTime: 0,
  })

/** Sends a file in parts and has it checked. Tells the share that has arrived; ends early if it is no longer wanted. */
export async function sendRoll(
  round: string,
  file: Blob,
  wanted: AbortSignal,
  onSent: (share: number) => void,
): Promise<void> {
  if (file.size > mostBytes) throw new Problem('body_too_large')
  const { id } = await ask(
    office.POST('/api/v1/rounds/{round}/roll/import', { params: { path: { round } }, body: { size: file.size } }),
  )
  for (let at = 0; at < file.size; at += partBytes) {
    if (wanted.aborted) return dropRoll(round, id)
    await ask(
      office.PUT('/api/v1/rounds/{round}/roll/import/{upload}/parts/{part}', {
        params: { path: { round, upload: id, part: at / partBytes + 1 } },
        body: '', // the serializer below sends the part instead
        bodySerializer: () => file.slice(at, at + partBytes),
        headers: { 'Content-Type': 'application/octet-stream' },
      }),
    )
    onSent(Math.min(1, (at + partBytes) / file.size))
  }
  await ask(
    office.POST('/api/v1/rounds/{round}/roll/import/{upload}/check', { params: { path: { round, upload: id } } }),
  )
}

export const takeRoll = (round: string, upload: string, removeUpTo: number | undefined) =>
  ask(
    office.POST('/api/v1/rounds/{round}/roll/import/{upload}/taking', {
      params: { path: { round, upload } },
      body: { remove_up_to: removeUpTo },
    }),
  )

export const dropRoll = (round: string, upload: string) =>
  ask(office.DELETE('/api/v1/rounds/{round}/roll/import/{upload}', { params: { path: { round, upload } } }))
