import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { keys } from './keys'
import { ask, office, type Schemas } from '@/lib/api'

export type Comment = Schemas['Comment']
export type Fault = Schemas['Fault']

/** What can be wrong with a comment, in the order that forms offer it. */
export const faults = [
  'offensive',
  'personal_data',
  'advertising',
  'off_topic',
  'other',
] as const satisfies readonly Fault[]

export const discussionQuery = (round: string, proposal: number) =>
  infiniteQueryOptions({
    queryKey: keys.comments(round, proposal),
    queryFn: ({ pageParam }) =>
      ask(
        office.GET('/api/v1/rounds/{round}/proposals/{proposal}/comments', {
          params: { path: { round, proposal }, query: { after: pageParam } },
        }),
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.next,
  })

/** A comment and what was answered to it. */
export interface Thread {
  first: Comment
  answers: Comment[]
}

/** Puts answers under what they answer. Those to a comment that is not shown stand by themselves. */
export function threadsOf(comments: Comment[]): Thread[] {
  const threads: Thread[] = []
  const byFirst = new Map<number, Thread>()
  for (const comment of comments) {
    const thread = comment.reply_to === undefined ? undefined : byFirst.get(comment.reply_to)
    if (thread) {
      thread.answers.push(comment)
      continue
    }
    const begun = { first: comment, answers: [] }
    threads.push(begun)
    byFirst.set(comment.id, begun)
  }
  return threads
}

/** Comments that wait for a moderator, or those that are hidden. */
export const reportedQuery = (round: string, hidden: boolean) =>
  queryOptions({
    queryKey: keys.comments(round, 'reported', hidden),
    queryFn: () =>
      ask(office.GET('/api/v1/rounds/{round}/comments', { params: { path: { round }, query: { hidden } } })),
  })

/** Proposals likewise. */
export const reportedProposalsQuery = (round: string, hidden: boolean) =>
  queryOptions({
    queryKey: keys.proposals(round, 'reported', hidden),
    queryFn: () =>
      ask(office.GET('/api/v1/rounds/{round}/moderation', { params: { path: { round }, query: { hidden } } })),
  })

const address = (round: string, comment: number) => ({ params: { path: { round, comment } } })

export const addComment = (round: string, proposal: number, body: Schemas['NewComment']) =>
  ask(
    office.POST('/api/v1/rounds/{round}/proposals/{proposal}/comments', {
      params: { path: { round, proposal } },
      body,
    }),
  )
export const eraseComment = (round: string, comment: number) =>
  ask(office.DELETE('/api/v1/rounds/{round}/comments/{comment}', address(round, comment)))
export const reportComment = (round: string, comment: number, reason: Fault) =>
  ask(office.POST('/api/v1/rounds/{round}/comments/{comment}/report', { ...address(round, comment), body: { reason } }))
export const hideComment = (round: string, comment: number, body: Schemas['Hiding']) =>
  ask(office.POST('/api/v1/rounds/{round}/comments/{comment}/hide', { ...address(round, comment), body }))
export const keepComment = (round: string, comment: number) =>
  ask(office.POST('/api/v1/rounds/{round}/comments/{comment}/keep', address(round, comment)))

const of = (round: string, proposal: number) => ({ params: { path: { round, proposal } } })

export const reportProposal = (round: string, proposal: number, reason: Fault) =>
  ask(office.POST('/api/v1/rounds/{round}/proposals/{proposal}/report', { ...of(round, proposal), body: { reason } }))
export const hideProposal = (round: string, proposal: number, body: Schemas['Hiding']) =>
  ask(office.POST('/api/v1/rounds/{round}/proposals/{proposal}/hide', { ...of(round, proposal), body }))
export const keepProposal = (round: string, proposal: number) =>
  ask(office.POST('/api/v1/rounds/{round}/proposals/{proposal}/keep', of(round, proposal)))
