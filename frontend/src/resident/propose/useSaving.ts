import { useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useCallback, useRef, useState } from 'react'
import { inTurn } from '@/data/gallery'
import { ask, office } from '@/lib/api'
import { Problem } from '@/lib/problem'
import { sessionQuery } from '@/lib/session'
import { mineQuery, proposalQuery } from '@/data/proposal'
import { forget, keep, swedishOf, textOf, type Fields, type Proposal, type ProposalText } from '@/shared/propose/draft'

export type Saving =
  { kind: 'idle' | 'saving' | 'here' } | { kind: 'saved'; at: Date } | { kind: 'failed'; cause: unknown }

interface Config {
  round: string
  /** The proposal as the server had it when the form was opened; none for a new one. */
  proposal?: Proposal
  /** The version that the text in the form is based on. */
  version: number
  language: ProposalText['language']
  /** A draft got its number. */
  onDraft: (proposal: Proposal) => void
}

/**
 * Saves the form to the server, one save after another, each on top of the version before it.
 * In the browser the text is kept until the server has it.
 */
export function useSaving({ round, proposal, version, language, onDraft }: Config) {
  const cache = useQueryClient()
  const [saving, setSaving] = useState<Saving>({ kind: 'idle' })
  const base = useRef({ id: proposal?.id, version, state: proposal?.state })
  const last = useRef<Promise<unknown>>(Promise.resolve())

  const keepHere = useCallback(
    (fields: Fields) => {
      keep(round, base.current.id, { fields, version: base.current.version })
      setSaving((now) => (now.kind === 'failed' ? now : { kind: 'here' }))
    },
    [round],
  )

  const saveNow = async (fields: Fields): Promise<Proposal> => {
    setSaving({ kind: 'saving' })
    const { id } = base.current
    try {
      const text = textOf(fields, language)
      const saved =
        id === undefined
          ? await ask(office.POST('/api/v1/rounds/{round}/proposals', { params: { path: { round } }, body: text }))
          : await ask(
              office.PUT('/api/v1/rounds/{round}/proposals/{proposal}', {
                params: { path: { round, proposal: id } },
                body: { version: base.current.version, text, ...(proposal?.swedish && { swedish: swedishOf(fields) }) },
              }),
            )
      base.current = { id: saved.id, version: saved.version, state: saved.state }
      forget(round, id)
      cache.setQueryData(proposalQuery(round, saved.id).queryKey, saved)
      void cache.invalidateQueries({ queryKey: mineQuery(round).queryKey })
      setSaving({ kind: 'saved', at: new Date() })
      if (id === undefined) onDraft(saved)
      return saved
    } catch (cause) {
      setSaving({ kind: 'failed', cause })
      // The session may have ended meanwhile, and to a stranger a draft does not exist: the form then asks to sign in again, and keeps the text.
      if (cause instanceof Problem && ['sign_in_required', 'not_found', 'csrf_failed'].includes(cause.code))
        void cache.invalidateQueries({ queryKey: sessionQuery.queryKey })
      throw cause
    }
  }

  /** Saves after every save before it. */
  const save = (fields: Fields): Promise<Proposal> => {
    const next = last.current.then(
      () => saveNow(fields),
      () => saveNow(fields),
    )
    last.current = next.catch(() => undefined)
    return next
  }

  /** After a conflict: what the server has now. With it, the next save goes on top of that version. */
  const catchUp = async (): Promise<Proposal> => {
    const { id } = base.current
    if (id === undefined) throw new Problem('not_found')
    const found = await cache.fetchQuery({ ...proposalQuery(round, id), staleTime: 0 })
    base.current = { id, version: found.version, state: found.state }
    setSaving({ kind: 'idle' })
    return found
  }

  const submit = async (): Promise<Proposal> => {
    const { id } = base.current
    if (id === undefined) throw new Problem('not_found')
    const submitted = await inTurn(cache, round, id, () =>
      ask(
        office.POST('/api/v1/rounds/{round}/proposals/{proposal}/submit', {
          params: { path: { round, proposal: id } },
        }),
      ),
    )
    cache.setQueryData(proposalQuery(round, id).queryKey, submitted)
    void cache.invalidateQueries({ queryKey: keys.proposals(round) })
    return submitted
  }

  return { saving, keepHere, save, catchUp, submit }
}
