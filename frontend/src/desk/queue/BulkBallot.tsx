import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { keys } from '@/data/keys'
import { ballotQuery } from '@/data/office'
import type { Proposal } from '@/data/proposal'
import type { Round } from '@/data/round'
import { announce } from '@/lib/announce'
import { ask, office } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { Problem } from '@/lib/problem'
import { Ask } from '@/ui/Ask'
import { Button } from '@/ui/hds'
import { Trouble } from '@/ui/problem/Trouble'

/** Puts accepted proposals on the ballot, or takes projects off it, all or none, as the ballot's own page does. */
export function BulkBallot({
  round,
  deed,
  proposals,
  onDone,
}: {
  round: Round
  deed: 'place' | 'remove'
  proposals: Proposal[]
  onDone: () => void
}) {
  const { t } = useTranslation('desk')
  const { number } = useFormat()
  const cache = useQueryClient()
  const of = { count: proposals.length, number: number(proposals.length) }
  const change = useMutation({
    mutationFn: (version: string) => {
      const params = { path: { round: round.id } }
      return deed === 'place'
        ? ask(
            office.POST('/api/v1/rounds/{round}/projects', {
              params,
              body: { proposals: proposals.map(({ id }) => id), version },
            }),
          )
        : ask(
            office.POST('/api/v1/rounds/{round}/projects/removal', {
              params,
              body: { projects: proposals.flatMap(({ project }) => project ?? []), version },
            }),
          )
    },
    onSuccess: () => {
      announce(t('bulk.done', { count: proposals.length }))
      for (const key of [keys.round, keys.queue, keys.proposal, keys.proposals, keys.desk])
        void cache.invalidateQueries({ queryKey: key(round.id) })
      onDone()
    },
    onError: async (cause) => {
      if (cause instanceof Problem && cause.outdated)
        await cache.invalidateQueries({ queryKey: ballotQuery(round.id).queryKey })
    },
  })
  return (
    <Ask query={useQuery(ballotQuery(round.id))}>
      {({ projects, version }) => (
        <div className="stack">
          <p>{t(`bulk.${deed}_text`, of)}</p>
          <p>{t('bulk.on_ballot', { count: projects.length, number: number(projects.length) })}</p>
          {change.error && <Trouble cause={change.error} />}
          <div className="actions">
            <Button
              busy={change.isPending}
              onClick={() => {
                change.mutate(version)
              }}
            >
              {t(`bulk.${deed}_do`, of)}
            </Button>
          </div>
        </div>
      )}
    </Ask>
  )
}
