import { useMutation, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useState, type ReactNode } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Confirm, Notification, StatusLabel } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { useFormat, useLang } from '@/lib/format'
import { Trouble } from '@/ui/problem/Trouble'
import { eraseComment, hideComment, keepComment, reportComment, type Comment } from '@/data/discussion'
import { FaultForm } from './FaultForm'
import { classes } from '@/lib/classes'
import styles from './discussion.module.css'

type Asking = 'erase' | 'report' | 'hide'

/** One comment, with what the reader may do about it, and what was answered. */
export function Said({
  round,
  comment,
  children,
  answer,
  answers,
}: {
  round: string
  comment: Comment
  children?: ReactNode
  /** Opens the form for an answer, where one can be given. */
  answer?: ReactNode
  answers?: ReactNode
}) {
  const { t } = useTranslation('comment')
  const lang = useLang()
  const { dateTime } = useFormat()
  const cache = useQueryClient()
  const [asking, setAsking] = useState<Asking>()
  const stop = () => {
    setAsking(undefined)
  }
  const act = useMutation({
    mutationFn: ({ run }: { run: () => Promise<unknown>; done: string }) => run(),
    onSuccess: async (_, { done }) => {
      stop()
      announce(done)
      await cache.invalidateQueries({ queryKey: keys.comments(round) })
    },
    // What is written of a fault stays open.
    onError: () => {
      if (asking === 'erase') stop()
    },
  })
  const { id, author, staff, at, text, hidden, note, reports, reported, language, may } = comment
  return (
    <li className={classes(styles.comment, hidden && styles.hidden)}>
      <p className={styles.head}>
        <strong>{author || t('nobody')}</strong>
        {staff && <StatusLabel kind="info">{t('staff')}</StatusLabel>}
        <span className="muted">{dateTime(at)}</span>
      </p>
      {hidden && (
        <Notification kind="alert" label={t(comment.mine ? 'hidden.mine' : 'hidden.theirs')}>
          <p>{t(`fault.${hidden}`)}</p>
          {note && (
            <p className="lines" dir="auto">
              {note}
            </p>
          )}
        </Notification>
      )}
      <p className={classes('lines', styles.text)} dir="auto" lang={language === lang ? undefined : language}>
        {text}
      </p>
      {reports !== undefined && (
        <p>
          <StatusLabel kind="alert">{t('reports', { count: reports })}</StatusLabel>
        </p>
      )}
      {children}
      {act.error && !asking && <Trouble cause={act.error} />}
      {(may.length > 0 || reported || answer) && (
        <div className={styles.acts}>
          {answer}
          {may.includes('report') && (
            <button
              type="button"
              className={styles.linkButton}
              aria-label={t('report.action_of', { name: author })}
              onClick={() => {
                act.reset()
                setAsking('report')
              }}
            >
              {t('report.action')}
            </button>
          )}
          {reported && <span className="muted">{t('report.done')}</span>}
          {may.includes('erase') && (
            <button
              type="button"
              className={styles.linkButton}
              onClick={() => {
                setAsking('erase')
              }}
            >
              {t('erase.action')}
            </button>
          )}
          {may.includes('hide') && (
            <button
              type="button"
              className={styles.linkButton}
              aria-label={t('hide.action_of', { name: author })}
              onClick={() => {
                act.reset()
                setAsking('hide')
              }}
            >
              {t('hide.action')}
            </button>
          )}
          {may.includes('keep') && (
            <button
              type="button"
              className={styles.linkButton}
              onClick={() => {
                act.mutate({ run: () => keepComment(round, id), done: t('keep.done') })
              }}
            >
              {t(hidden ? 'keep.show' : 'keep.action')}
            </button>
          )}
        </div>
      )}
      {answers}
      <Confirm
        open={asking === 'erase'}
        title={t('erase.title')}
        action={t('erase.confirm')}
        keep={t('stop')}
        busy={act.isPending}
        onConfirm={() => {
          act.mutate({ run: () => eraseComment(round, id), done: t('erase.done') })
        }}
        onClose={stop}
      >
        <p>{t('erase.text')}</p>
      </Confirm>
      {(asking === 'report' || asking === 'hide') && (
        <FaultForm
          kind={asking}
          busy={act.isPending}
          cause={act.error}
          onStop={stop}
          onDone={(reason, words) => {
            act.mutate(
              asking === 'report'
                ? { run: () => reportComment(round, id, reason), done: t('report.done') }
                : {
                    run: () => hideComment(round, id, { reason, ...(words && { note: words }) }),
                    done: t('hide.done'),
                  },
            )
          }}
        />
      )}
    </li>
  )
}
