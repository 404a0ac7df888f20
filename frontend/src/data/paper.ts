import { queryOptions } from '@tanstack/react-query'
import { ask, box, office, type Schemas } from '@/lib/api'
import { base64Of } from './assisted'
import { keys } from './keys'

export type Batch = Schemas['PaperBatch']
export type Report = Schemas['KeyingReport']
interface Path {
  round: string
  paper_batch: string
}

export const batchesQuery = (round: string) =>
  queryOptions({
    queryKey: keys.round(round, 'batches'),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/batches', { params: { path: { round } } })),
    staleTime: 0,
  })

/** A batch's name as it is kept: capitals and digits alone. */
export const batchName = (typed: string) => {
  const name = typed.trim().toUpperCase()
  return /^[A-Z0-9]{1,12}$/.test(name) ? name : undefined
}

/** Sheets that were declared and are in no counted batch yet. */
export const uncountedYet = (batches: Batch[]) =>
  batches.filter(({ state }) => state === 'open').reduce((sum, { declared }) => sum + declared, 0)

const leave = (path: Path) =>
  ask(office.POST('/api/v1/rounds/{round}/batches/{paper_batch}/keying', { params: { path } }))

/**
 * Where I stand with a batch that I key in: which of the two I am, and when both have handed in, in what we differ. Asking for it the first time is to
 * begin. The office gives a capability that names nobody and never sees what a sheet says; the box knows nobody.
 */
export const keyingQuery = (path: Path, begun: boolean) =>
  queryOptions({
    queryKey: keys.round(path.round, 'keying', path.paper_batch),
    queryFn: async () => {
      const { capability, part } = await leave(path)
      const report = await ask(
        box.POST('/box/v1/rounds/{round}/batches/{paper_batch}/comparison', { params: { path }, body: { capability } }),
      )
      return { ...report, part }
    },
    enabled: begun,
    retry: false,
    staleTime: 0,
    gcTime: 0,
  })

/** Hands in a table of what I keyed in, or only tries it. */
export async function keyIn(path: Path, file: Blob, confirm: boolean): Promise<Report> {
  const { capability } = await leave(path)
  const body = { capability, file: await base64Of(file), confirm }
  return ask(box.POST('/box/v1/rounds/{round}/batches/{paper_batch}/sheets', { params: { path }, body }))
}

/** Puts a batch into the log, or only asks for its numbers. */
export async function sealBatch(path: Path, account: Omit<Schemas['BatchSealing'], 'capability'>): Promise<Report> {
  const { capability } = await ask(
    office.POST('/api/v1/rounds/{round}/batches/{paper_batch}/sealing', { params: { path } }),
  )
  const body = { capability, ...account }
  return ask(box.POST('/box/v1/rounds/{round}/batches/{paper_batch}/seal', { params: { path }, body }))
}
