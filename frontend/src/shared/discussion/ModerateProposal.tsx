import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useLocation } from '@/lib/router'
import { hideProposal, keepProposal, reportProposal } from '@/data/discussion'
import { keys } from '@/data/keys'
import { proposalQuery, type Proposal } from '@/data/proposal'
import { announce } from '@/lib/announce'
import { useLang } from '@/lib/format'
import { signInHref, useSession } from '@/lib/session'
import { Notification } from '@/ui/hds'
import { Trouble } from '@/ui/problem/Trouble'
import styles from './discussion.module.css'
import { FaultForm } from './FaultForm'

/** Whether a proposal is hidden from the public, and what the reader may do about its text: report it, hide it, show it again. */
export function ModerateProposal({ round, proposal }: { round: string; proposal: Proposal }) {
  const { t } = useTranslation('comment')
  const lang = useLang()
  const here = useLocation()
  const session = useSession()
  const cache = useQueryClient()
  const [asking, setAsking] = useState<'report' | 'hide'>()
  const [reported, setReported] = useState(false)
  const stop = () => {
    setAsking(undefined)
  }
  const { id, hidden, hidden_note: note, may, mine } = proposal
  const act = useMutation({
    mutationFn: ({ run }: { run: () => Promise<unknown>; done: string }) => run(),
    onSuccess: async (_, { done }) => {
      stop()
      announce(done)
      await Promise.all([
        cache.invalidateQueries({ queryKey: proposalQuery(round, id).queryKey }),
        cache.invalidateQueries({ queryKey: keys.proposals(round) }),
        cache.invalidateQueries({ queryKey: keys.queue(round) }),
      ])
    },
  })
  const begin = (what: 'report' | 'hide') => () => {
    act.reset()
    setAsking(what)
  }
  return (
    <>
      {hidden && (
        <Notification kind="alert" label={t(mine ? 'of_proposal.hidden_mine' : 'of_proposal.hidden')}>
          <p>{t(`fault.${hidden}`)}</p>
          {note && (
            <p className="lines" dir="auto">
              {note}
            </p>
          )}
          {mine && <p>{t('of_proposal.appeal')}</p>}
        </Notification>
      )}
      {act.error && !asking && <Trouble cause={act.error} />}
      <div className={styles.acts}>
        {!mine && !hidden && !reported && session?.signed_in === false && (
          <a href={signInHref(here.pathname + here.search, lang)}>{t('report.action')}</a>
        )}
        {!mine && !hidden && !reported && session?.signed_in && !may.includes('hide') && (
          <button type="button" className={styles.linkButton} onClick={begin('report')}>
            {t('of_proposal.report.action')}
          </button>
        )}
        {reported && <span className="muted">{t('of_proposal.report.done')}</span>}
        {may.includes('hide') && (
          <button type="button" className={styles.linkButton} onClick={begin('hide')}>
            {t('of_proposal.hide.action')}
          </button>
        )}
        {may.includes('show') && (
          <button
            type="button"
            className={styles.linkButton}
            onClick={() => {
              act.mutate({ run: () => keepProposal(round, id), done: t('of_proposal.shown') })
            }}
          >
            {t('keep.show')}
          </button>
        )}
      </div>
      {asking && (
        <FaultForm
          kind={asking}
          of="proposal"
          busy={act.isPending}
          cause={act.error}
          onStop={stop}
          onDone={(reason, words) => {
            act.mutate(
              asking === 'report'
                ? {
                    run: async () => {
                      await reportProposal(round, id, reason)
                      setReported(true)
                    },
                    done: t('of_proposal.report.done'),
                  }
                : {
                    run: () => hideProposal(round, id, { reason, ...(words && { note: words }) }),
                    done: t('of_proposal.hide.done'),
                  },
            )
          }}
        />
      )}
    </>
  )
}
