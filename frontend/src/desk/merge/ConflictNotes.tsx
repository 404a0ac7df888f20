import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, TextInput } from '@/ui/hds'
import { Form } from '@/ui/form/Form'
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
import styles from '@/ui/work.module.css'

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
  const ignored = ignoredIn(round, proposal.text.area)
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
        <div className={styles.choice}>
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
          {ignored && <p>{t(`conflict.${ignored}`)}</p>}
        </div>
      )}
      {may && writing && (
        <Note
          round={round.id}
          proposal={proposal.id}
          ignored={ignored}
          onDone={() => {
            setWriting(false)
          }}
        />
      )}
    </>
  )
}

/** Why the count of an area does not obey conflicts, as domain/record/next.go finds it before the freeze; undefined if it does. */
function ignoredIn({ settings }: Round, area: string | undefined): 'impossible' | 'off' | undefined {
  const rule = settings.areas.find(({ id }) => id === area)?.rule ?? settings.rule
  if (!rule.rule.startsWith('greedy')) return 'impossible'
  return rule.respect_conflicts === false ? 'off' : undefined
}

function Note({
  round,
  proposal,
  ignored,
  onDone,
}: {
  round: string
  proposal: number
  ignored?: 'impossible' | 'off'
  onDone: () => void
}) {
  const { t } = useTranslation(['merge', 'desk'])
  const note = useStep(
    round,
    (body: Schemas['NewConflict']) =>
      ask(office.POST('/api/v1/rounds/{round}/conflicts', { params: { path: { round } }, body })),
    t('conflict.done'),
  )
  const needed = (text: string) => (text.trim() ? undefined : t('desk.required'))
  const { values, field, form, done } = useFields({
    start: { proposals: '', 'reason.fi': '', 'reason.sv': '', 'reason.en': '' },
    labels: {
      proposals: t('conflict.others'),
      'reason.fi': t('conflict.fi'),
      'reason.sv': t('conflict.sv'),
      'reason.en': t('conflict.en'),
    },
    check: (values) => ({
      proposals: readNumbers(values.proposals)?.length ? undefined : t('conflict.others_wrong'),
      'reason.fi': needed(values['reason.fi']),
      'reason.sv': needed(values['reason.sv']),
    }),
    prefix: 'conflict.',
    cause: note.error,
    slot: `conflict.${round}.${String(proposal)}`,
  })
  return (
    <div className="stack">
      <h3>{t('conflict.note')}</h3>
      {ignored && <p>{t(`conflict.${ignored}`)}</p>}
      <Form
        form={form}
        busy={note.isPending}
        onSend={() => {
          const en = values['reason.en'].trim()
          note.mutate(
            {
              proposals: [...new Set([proposal, ...(readNumbers(values.proposals) ?? [])])],
              reason: { fi: values['reason.fi'].trim(), sv: values['reason.sv'].trim(), ...(en && { en }) },
            },
            {
              onSuccess: () => {
                done()
                onDone()
              },
            },
          )
        }}
        actions={
          <>
            <Button type="submit" busy={note.isPending}>
              {t('conflict.send')}
            </Button>
            <Button variant="secondary" onClick={onDone}>
              {t('desk:decide.stop')}
            </Button>
          </>
        }
      >
        <TextInput {...field('proposals')} helper={t('conflict.others_help')} required inputMode="numeric" />
        <TextInput {...field('reason.fi')} helper={t('conflict.public')} required maxLength={300} lang="fi" />
        <TextInput {...field('reason.sv')} required maxLength={300} lang="sv" />
        <TextInput {...field('reason.en')} maxLength={300} lang="en" />
      </Form>
    </div>
  )
}
