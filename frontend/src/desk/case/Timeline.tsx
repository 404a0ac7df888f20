import { skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, Confirm, Spinner } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { ask, office } from '@/lib/api'
import { Trouble } from '@/ui/problem/Trouble'
import { Ask } from '@/ui/Ask'
import { Estimated } from '@/desk/estimate/Estimated'
import { estimatesQuery } from '@/data/estimate'
import { useFormat } from '@/lib/format'
import { useLocal } from '@/ui/text'
import { CityText } from '@/shared/proposal/Answer'
import { versionsQuery } from '@/data/proposal'
import { changed, deskQuery, fileQuery, timeline, type CaseNote, type Version } from '@/data/desk'
import { classes } from '@/lib/classes'
import styles from '@/ui/work.module.css'
import caseworkStyles from './casework.module.css'

const Difference = lazy(() => import('./Difference'))

/** What happened so far: every step with its words and what it changed, and staff's notes between them. */
export function Timeline({
  round,
  proposal,
  notes,
  staff,
  erases,
}: {
  round: string
  proposal: number
  notes: CaseNote[]
  staff: boolean
  /** The reader may erase what notes say. */
  erases: boolean
}) {
  const { t } = useTranslation('desk')
  const options = estimatesQuery(round, proposal)
  const { data: estimates } = useQuery({ ...options, queryFn: staff ? options.queryFn : skipToken })
  return (
    <section className="stack">
      <h2>{t('timeline.heading')}</h2>
      <Ask query={useQuery(versionsQuery(round, proposal))}>
        {(versions) => (
          <ol className={classes('plain', styles.timeline)}>
            {timeline(versions, notes, staff ? estimates : []).map((one) =>
              'note' in one ? (
                <WrittenNote
                  key={`note ${String(one.note.id)}`}
                  round={round}
                  proposal={proposal}
                  note={one.note}
                  erases={erases}
                />
              ) : 'estimate' in one ? (
                <Estimated
                  key={`estimate ${String(one.estimate.number)}`}
                  round={round}
                  estimate={one.estimate}
                  before={one.before}
                />
              ) : (
                <Step key={one.version.version} version={one.version} before={one.before} />
              ),
            )}
          </ol>
        )}
      </Ask>
    </section>
  )
}

function Step({ version, before }: { version: Version; before?: Version }) {
  const { t, has } = useTranslation(['desk', 'proposal'])
  const { dateTime } = useFormat()
  const [open, setOpen] = useState(false)
  const { at, by, action, reason, answer } = version
  return (
    <li className={styles.step}>
      <strong>{t(`proposal:history.action.${action}`)}</strong>
      <span className="muted">
        {dateTime(at)} · {by || t('proposal:history.city')}
      </span>
      {reason && (
        <p className="lines">{has(`proposal:reason.${reason}`) ? t(`proposal:reason.${reason as 'other'}`) : reason}</p>
      )}
      {answer && <CityText text={answer} />}
      {before && changed(version, before).length > 0 && (
        <details
          onToggle={(event) => {
            setOpen(event.currentTarget.open)
          }}
        >
          <summary>{t('timeline.changes')}</summary>
          {open && (
            <Suspense fallback={<Spinner />}>
              <Difference version={version} before={before} />
            </Suspense>
          )}
        </details>
      )}
    </li>
  )
}

function WrittenNote({
  round,
  proposal,
  note,
  erases,
}: {
  round: string
  proposal: number
  note: CaseNote
  erases: boolean
}) {
  const { t } = useTranslation(['desk', 'expert'])
  const cache = useQueryClient()
  const [asking, setAsking] = useState(false)
  const erase = useMutation({
    mutationFn: () =>
      ask(
        office.DELETE('/api/v1/rounds/{round}/proposals/{proposal}/case/notes/{note}', {
          params: { path: { round, proposal, note: note.id } },
        }),
      ),
    onSuccess: () => {
      announce(t('notes.erased'))
      return cache.invalidateQueries({ queryKey: fileQuery(round, proposal).queryKey })
    },
    onSettled: () => {
      setAsking(false)
    },
  })
  const local = useLocal()
  const { data } = useQuery(deskQuery(round))
  const division = data?.divisions.find(({ id }) => id === note.division)
  const { dateTime } = useFormat()
  return (
    <li className={classes(styles.step, caseworkStyles.note)}>
      <strong>
        {note.division
          ? t('expert:refer.sent', { division: division ? local(division.name) : note.division })
          : note.assigned
            ? note.to
              ? t('timeline.assigned', { name: note.to })
              : t('timeline.freed')
            : t('timeline.note')}
      </strong>
      <span className="muted">
        {dateTime(note.at)} · {note.by}
      </span>
      {note.text && (
        <p className="lines" dir="auto">
          {note.text}
        </p>
      )}
      {note.erased_by && <p className="muted">{t('notes.erased_by', { name: note.erased_by })}</p>}
      {erase.error && <Trouble cause={erase.error} />}
      {erases && note.text && (
        <div className="actions">
          <Button
            small
            variant="secondary"
            onClick={() => {
              setAsking(true)
            }}
          >
            {t('notes.erase')}
          </Button>
        </div>
      )}
      <Confirm
        open={asking}
        title={t('notes.erase_ask')}
        action={t('notes.erase')}
        keep={t('decide.back')}
        busy={erase.isPending}
        onConfirm={() => {
          erase.mutate()
        }}
        onClose={() => {
          setAsking(false)
        }}
      >
        <p>{t('notes.erase_does')}</p>
      </Confirm>
    </li>
  )
}
