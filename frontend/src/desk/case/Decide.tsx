import { useMutation, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Refer } from '@/desk/send/Refer'
import { Button, Card, Confirm, LinkButton } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { ask, office } from '@/lib/api'
import { keep } from '@/lib/kept'
import { hasRole, useSession } from '@/lib/session'
import { useKept } from '@/ui/form/useKept'
import { useFocusAfter } from '@/ui/useFocusAfter'
import { Trouble } from '@/ui/problem/Trouble'
import { proposalQuery, type Proposal } from '@/data/proposal'
import type { Round } from '@/data/round'
import { Acceptance, isOdd } from './Acceptance'
import { AcceptForm } from './AcceptForm'
import { AskForm } from './AskForm'
import { RejectForm } from './RejectForm'
import { ReopenForm } from './ReopenForm'
import { Written } from './Written'
import type { Decision } from './decision'
import type { Trail } from './useTrail'
import styles from '@/ui/work.module.css'

type Kind = Decision['kind'] | 'refer'
const kinds = ['accept', 'reject', 'ask', 'take', 'refer', 'reopen'] as const satisfies Kind[]

/** The keys of KeysHelp.tsx. */
const keyOf = { accept: 'a', reject: 'r', ask: 'q', take: 't', refer: 'f', reopen: 'o' } as const
const looks = { accept: 'primary', reject: 'danger' } as const

/**
 * What I may decide on a proposal now. A decision is written and made on this page, and takes the case into hand; only
 * where something is odd about it is it asked first.
 */
export function Decide({ proposal, round, trail }: { proposal: Proposal; round: Round; trail: Trail }) {
  const { t } = useTranslation(['desk', 'shell', 'expert'])
  const at = `decision.${round.id}.${String(proposal.id)}`
  const [written, setWriting] = useKept<Kind | ''>(at, '')
  const writing = kinds.find((kind) => kind === written && proposal.may.includes(kind))
  const [ready, setReady] = useState<Decision & { kind: 'accept' }>()
  const heading = useFocusAfter<HTMLHeadingElement>(`${proposal.state} ${String(proposal.version)}`)
  const cache = useQueryClient()
  const decide = useMutation({
    mutationFn: (decision: Decision) => send(round.id, proposal.id, decision),
    onSuccess: (changed, { kind }) => {
      cache.setQueryData(proposalQuery(round.id, proposal.id).queryKey, changed)
      void cache.invalidateQueries({ queryKey: keys.queue(round.id) })
      void cache.invalidateQueries({ queryKey: keys.versions(round.id, proposal.id) })
      void cache.invalidateQueries({ queryKey: keys.proposals(round.id) })
      announce(t(kind === 'ask' && nobody ? 'decide.ask.noted' : `decide.${kind}.done`))
      setWriting('')
      keep(`${at}.${kind}`, undefined)
    },
    onSettled: () => {
      setReady(undefined)
    },
  })
  const isOfficial = hasRole(useSession(), 'official')
  const may = kinds.filter((kind) => proposal.may.includes(kind))
  const stop = () => {
    setWriting('')
  }
  const onReady = (decision: Decision) => {
    if (decision.kind === 'accept' && isOdd(decision.body.cost, proposal, round)) setReady(decision)
    else decide.mutate(decision)
  }

  const nobody = proposal.assisted !== undefined && !proposal.assisted.claimed // to whom a question could go
  const form = {
    cause: decide.error,
    slot: `${at}.${writing ?? ''}`,
    busy: decide.isPending,
    onReady,
    onStop: stop,
  }
  return (
    <Card as="section" className={styles.decide}>
      <h2 ref={heading} tabIndex={-1}>
        {t('decide.heading')}
      </h2>
      {decide.isSuccess && trail.next && (
        <LinkButton to={trail.next.to} end="arrow-right">
          {t('nav.go_on', { number: trail.next.id })}
        </LinkButton>
      )}
      {may.length > 0 && proposal.state === 'appealed' && <p>{t('decide.appeal')}</p>}
      {(may.every((kind) => kind === 'reopen' || kind === 'refer') || proposal.state === 'needs_information') && (
        <p>{t(`decide.nothing.${nothing(proposal, round, isOfficial)}`)}</p>
      )}
      {decide.error && !writing && <Trouble cause={decide.error} />}
      {may.length > 0 && !writing && (
        <ul className="plain stack">
          {may.map((kind) => (
            <li key={kind} className={styles.choice}>
              <Button
                fullWidth
                variant={kind === 'accept' || kind === 'reject' ? looks[kind] : 'secondary'}
                aria-keyshortcuts={keyOf[kind]}
                busy={kind === 'take' && decide.isPending}
                onClick={() => {
                  if (kind === 'take') decide.mutate({ kind })
                  else setWriting(kind)
                }}
              >
                {t(`decide.${kind}.button`)}
              </Button>
              <p className="muted">{t(`decide.${kind}.does`)}</p>
            </li>
          ))}
        </ul>
      )}
      {writing && (
        <Written title={t(`decide.${writing}.title`)}>
          {writing === 'ask' && <AskForm {...form} now={round.now} nobody={nobody} />}
          {writing === 'reject' && <RejectForm {...form} round={round.id} />}
          {writing === 'accept' && (
            <AcceptForm {...form} proposal={proposal} maintenanceReserved={round.settings.reserve_maintenance} />
          )}
          {writing === 'reopen' && <ReopenForm {...form} />}
          {writing === 'refer' && (
            <>
              <Refer round={round.id} proposals={[proposal.id]} onDone={stop} />
              <div className="actions">
                <Button small variant="supplementary" onClick={stop}>
                  {t('decide.stop')}
                </Button>
              </div>
            </>
          )}
        </Written>
      )}
      <Confirm
        open={ready !== undefined}
        title={t('decide.accept.confirm')}
        action={t('decide.accept.button')}
        keep={t('decide.back')}
        busy={decide.isPending}
        gentle
        onConfirm={() => {
          if (ready) decide.mutate(ready)
        }}
        onClose={() => {
          setReady(undefined)
        }}
      >
        {ready && <Acceptance cost={ready.body.cost} proposal={proposal} round={round} />}
      </Confirm>
    </Card>
  )
}

/** Why there is nothing to decide. */
function nothing(
  { state, mine }: Proposal,
  { phase }: Round,
  isOfficial: boolean,
): 'official' | 'own' | 'phase' | 'author' | 'appealed' | 'placed' | 'decided' | 'other' {
  if (mine) return 'own'
  if (phase !== 'proposing' && phase !== 'vetting') return 'phase'
  if (state === 'needs_information') return 'author'
  if (state === 'appealed') return 'appealed'
  if (state === 'submitted' || state === 'in_evaluation') return isOfficial ? 'official' : 'other'
  return state === 'on_ballot' ? 'placed' : 'decided'
}

function send(round: string, proposal: number, decision: Decision) {
  const params = { path: { round, proposal } }
  switch (decision.kind) {
    case 'take':
      return ask(office.POST('/api/v1/rounds/{round}/proposals/{proposal}/take', { params }))
    case 'ask':
      return ask(office.POST('/api/v1/rounds/{round}/proposals/{proposal}/ask', { params, body: decision.body }))
    case 'reject':
      return ask(office.POST('/api/v1/rounds/{round}/proposals/{proposal}/reject', { params, body: decision.body }))
    case 'reopen':
      return ask(office.POST('/api/v1/rounds/{round}/proposals/{proposal}/reopen', { params, body: decision.body }))
    case 'accept':
      return ask(office.POST('/api/v1/rounds/{round}/proposals/{proposal}/accept', { params, body: decision.body }))
  }
}
