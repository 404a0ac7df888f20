import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, TextInput } from '@/ui/hds'
import { FormFrame } from '@/ui/form/FormFrame'
import { useFields } from '@/ui/form/useFields'
import { ask, office, type Schemas } from '@/lib/api'
import { readNumbers } from '@/lib/number'
import { hasRole, useSession } from '@/lib/session'
import { Trouble } from '@/ui/problem/Trouble'
import { CityText } from '@/shared/proposal/Answer'
import type { Proposal } from '@/data/proposal'
import type { Round } from '@/data/round'
import { useStep } from '@/data/merge'
import { TiedList } from '@/shared/merge/Tied'

/** What cannot be carried out together with this one, and the form to note it. */
export function ConflictNotes({
  round,
  proposal,
  conflicts,
}: {
  round: Round
  proposal: Proposal
  conflicts: Schemas['AddedConflict'][]
}) {
  const { t } = useTranslation('merge')
  const session = useSession()
  const [writing, setWriting] = useState(false)
  const lift = useStep(
    round.id,
    (conflict: number) =>
      ask(
        office.DELETE('/api/v1/rounds/{round}/conflicts/{conflict}', {
          params: { path: { round: round.id, conflict } },
        }),
      ),
    t('conflict.lifted'),
  )
  const open =
    ['draft', 'proposing', 'vetting'].includes(round.phase) &&
    !['withdrawn', 'rejected', 'merged', 'split'].includes(proposal.state)
  const may =
    open && (hasRole(session, 'official', 'expert') || (session?.areas.includes(proposal.text.area ?? '') ?? false))
  return (
    <>
      {conflicts.map(({ id, reason, proposals, may_lift }) => (
        <div key={id} className="stack">
          <h3>{t('conflict.heading')}</h3>
          <CityText text={reason} />
          <TiedList proposals={proposals.filter((other) => other.proposal !== proposal.id)} to={`/desk/${round.id}`} />
          {may_lift && (
            <Button
              small
              variant="supplementary"
              busy={lift.isPending}
              onClick={() => {
                lift.mutate(id)
              }}
            >
              {t('conflict.lift')}
            </Button>
          )}
        </div>
      ))}
      {lift.error && <Trouble cause={lift.error} />}
      {may && !writing && (
        <div className="desk-choice">
          <Button
            small
            variant="secondary"
            onClick={() => {
              setWriting(true)
            }}
          >
            {t('conflict.note')}
          </Button>
          <p className="muted">{t('conflict.does')}</p>
        </div>
      )}
      {may && writing && (
        <Note
          round={round.id}
          proposal={proposal.id}
          onDone={() => {
            setWriting(false)
          }}
        />
      )}
    </>
  )
}

function Note({ round, proposal, onDone }: { round: string; proposal: number; onDone: () => void }) {
  const { t } = useTranslation(['merge', 'desk'])
  const { field, submit, ...form } = useFields(
    { others: '', fi: '', sv: '', en: '' },
    { others: t('conflict.others'), fi: t('conflict.fi'), sv: t('conflict.sv'), en: t('conflict.en') },
    ({ others, fi, sv }) => ({
      ...(readNumbers(others)?.length ? {} : { others: t('conflict.others_wrong') }),
      ...(fi.trim() ? {} : { fi: t('desk.required') }),
      ...(sv.trim() ? {} : { sv: t('desk.required') }),
    }),
  )
  const note = useStep(
    round,
    async ({ others, fi, sv, en }: Record<'others' | 'fi' | 'sv' | 'en', string>) => {
      await ask(
        office.POST('/api/v1/rounds/{round}/conflicts', {
          params: { path: { round } },
          body: {
            proposals: [...new Set([proposal, ...(readNumbers(others) ?? [])])],
            reason: { fi: fi.trim(), sv: sv.trim(), ...(en.trim() && { en: en.trim() }) },
          },
        }),
      )
      onDone()
    },
    t('conflict.done'),
  )
  return (
    <div className="stack">
      <h3>{t('conflict.note')}</h3>
      {note.error && <Trouble cause={note.error} />}
      <FormFrame
        {...form}
        send={t('conflict.send')}
        stop={t('desk:decide.stop')}
        onStop={onDone}
        onSubmit={() => {
          submit((values) => {
            note.mutate(values)
          })
        }}
      >
        <TextInput {...field('others')} helper={t('conflict.others_help')} required inputMode="numeric" />
        <TextInput {...field('fi')} helper={t('conflict.public')} required maxLength={300} lang="fi" />
        <TextInput {...field('sv')} required maxLength={300} lang="sv" />
        <TextInput {...field('en')} maxLength={300} lang="en" />
      </FormFrame>
    </div>
  )
}
