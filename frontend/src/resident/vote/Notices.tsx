import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link, useNavigate } from '@/lib/router'
import { Button, LinkButton, Notification } from '@/ui/hds'
import { useLang } from '@/lib/format'
import type { Round } from '@/data/round'
import { Standing as RoundStanding } from '@/resident/round/Standing'
import { Page } from '@/ui/Page'
import { boxFor, pause, useVoting } from './voting'
import { Halt } from './Halt'
import { useIdentity, useRights, type Rights } from './identity'
import { useReceipts } from './receipt'
import { Refusal, Spent } from './Refusal'
import { useUnsent } from './sealed'
import { OtherPapers, Uncast } from './Uncast'

/** What is good to know before one begins: a ballot on its way, a vote cast here, a right that is spent or missing. */
export function Standing() {
  const { t } = useTranslation('vote')
  const { round, manifest, at } = useVoting()
  const kept = useReceipts(round.id)
  const unsent = useUnsent(manifest)
  const rights = useRights(round.id, useIdentity(round.id)).data
  if (unsent.some(({ ready }) => ready)) return <Unfinished round={round} />
  if (rights && !rights.eligible) return <Refusal round={round} rights={rights} />
  if (unsent.some(({ empty }) => empty)) {
    return (
      <Notification label={t('going_on.heading')}>
        <p>{t('going_on.text')}</p>
      </Notification>
    )
  }
  if (isSpent(rights) && unsent.length === 0) return <Spent round={round} />
  if (kept.length > 0) {
    return (
      <>
        <Notification label={t('voted_here.heading')}>
          <p>{t('voted_here.text')}</p>
          <p>
            <Link to={at('receipt')}>{t('voted_here.receipt')}</Link>
          </p>
        </Notification>
        <OtherPapers round={round} />
      </>
    )
  }
  return null
}

/** Every right is used. */
export const isSpent = (rights?: Rights): boolean =>
  Boolean(rights?.eligible && rights.papers.length > 0 && rights.papers.every(({ spent }) => spent))

/** A ballot that was confirmed and may not have reached the box. Sending it once more needs no sign-in and can do no harm. */
function Unfinished({ round }: { round: Round }) {
  const { t } = useTranslation('vote')
  const { manifest, at } = useVoting()
  const go = useNavigate()
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const send = async () => {
    if (busy) return
    setBusy(true)
    setTrouble(undefined)
    try {
      const { finish } = await import('./cast')
      const cast = await finish({ manifest, box: boxFor(round.id), pause })
      go(at('receipt'), { replace: true, state: { cast: cast.map(({ commit }) => commit) } })
    } catch (cause) {
      setTrouble(cause)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Notification kind="alert" label={t('unfinished.heading')}>
        <p>{t('unfinished.text')}</p>
        <div className="actions">
          <Button small busy={busy} onClick={() => void send()}>
            {t('unfinished.send')}
          </Button>
        </div>
      </Notification>
      {trouble !== undefined && <Halt round={round} cause={trouble} />}
    </>
  )
}

/** The vote is not open: when it will be, or what comes next. */
export function Shut({ round }: { round: Round }) {
  const { t } = useTranslation('vote')
  const lang = useLang()
  const kept = useReceipts(round.id)
  const at = `/${lang}/rounds/${round.id}`
  return (
    <Page
      title={t('shut.title')}
      lead={
        <p>
          <RoundStanding round={round} />
        </p>
      }
    >
      <div className="stack">
        <Uncast round={round} />
        {kept.length > 0 && (
          <p>
            <Link to={`${at}/vote/receipt`}>{t('voted_here.receipt')}</Link>
          </p>
        )}
        <div className="actions">
          <LinkButton variant="secondary" to={at}>
            {t('shut.round')}
          </LinkButton>
        </div>
      </div>
    </Page>
  )
}
