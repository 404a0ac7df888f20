import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link, useLocation } from '@/lib/router'
import styles from './receipt.module.css'
import { isAlarm } from '@/receipt/examine'
import { saveFile, saveReceipt } from '@/receipt/save'
import { Button, Dialog, LinkButton } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { useLang } from '@/lib/format'
import { share } from '@/lib/share'
import { signOut, useSession } from '@/lib/session'
import { useLocal } from '@/ui/text'
import { Trouble } from '@/ui/problem/Trouble'
import { stageOf, type Round } from '@/data/round'
import type { Manifest } from '@/receipt/crypto/manifest'
import { findingQuery } from './finding'
import { fileOf, forgetReceipts, useReceipts } from './receipt'
import { reminder } from './reminder'
import { ReceiptCard } from './ReceiptCard'
import { Step } from './Step'
import { Uncast } from './Uncast'

/** The proof that the ballot is in the box and in the public log, checked by this very page at every visit, and never what the ballot says. */
export function Receipts({ round, manifest }: { round: Round; manifest: Manifest }) {
  const { t } = useTranslation(['vote', 'check']) // with the findings' words, which would hide the page and its focus if they came later
  const kept = useReceipts(round.id)
  const just = (useLocation().state as { cast?: string[] } | null)?.cast ?? []
  const found = useQueries({ queries: kept.map((receipt) => findingQuery(manifest, receipt)) })
  if (kept.length === 0) return <NoReceipt round={round} />
  const error = found.find(({ error }) => error)?.error
  if (error)
    return (
      <Step round={round} title={t('title')}>
        <Trouble cause={error} />
      </Step>
    )
  const all = kept.map((receipt, index) => ({ receipt, finding: found[index]?.data }))
  // Of several people's receipts in one browser, those of the vote just cast come first.
  const mine = all.filter(({ receipt: { commit } }) => just.length === 0 || just.includes(commit))
  const others = all.filter((one) => !mine.includes(one))
  const verdicts = mine.flatMap(({ finding }) => finding?.verdict ?? [])
  const title = verdicts.includes('untrue') ? 'title_bad' : verdicts.some(isAlarm) ? 'title_alarm' : 'title'
  const cards = (list: typeof all) => (
    <div className={styles.cards}>
      {list.map(({ receipt, finding }) => (
        <ReceiptCard key={receipt.commit} round={round} manifest={manifest} receipt={receipt} finding={finding} />
      ))}
    </div>
  )
  return (
    <Step round={round} title={t(`receipt.${title}`)} done lead={<p>{t('receipt.lead')}</p>}>
      <div className="no-print">
        <Uncast round={round} />
      </div>
      {cards(mine)}
      <Next round={round} />
      <Plain round={round} />
      {others.length > 0 && (
        <section className="stack no-print">
          <h2>{t('receipt.older')}</h2>
          {cards(others)}
        </section>
      )}
      <Leave round={round} manifest={manifest} />
    </Step>
  )
}

/** What one may do with having voted: be reminded of the results, and tell others that one has, and not how. */
function Next({ round }: { round: Round }) {
  const { t } = useTranslation('vote')
  const lang = useLang()
  const local = useLocal()
  const [said, setSaid] = useState('')
  const { closes } = round.times.voting
  const waits = !stageOf(round).acts.includes('results')
  const tell = async () => {
    const became = await share({ text: t('next.voted', { round: local(round.name) }), url: location.origin })
    if (became === 'copied') setSaid(t('next.copied'))
    if (became === 'refused') setSaid(location.origin)
  }
  return (
    <section className="stack-s no-print">
      <div className="actions">
        {waits && (
          <Button
            variant="secondary"
            start="bell"
            onClick={() => {
              const address = `${location.origin}/${lang}/rounds/${round.id}`
              const title = t('next.results', { round: local(round.name) })
              saveFile(`${round.id}.ics`, 'text/calendar', reminder(closes, new Date(), title, address))
              announce(t('next.reminded'))
            }}
          >
            {t('next.remind')}
          </Button>
        )}
        <Button variant="secondary" start="share" onClick={() => void tell()}>
          {t('next.tell')}
        </Button>
      </div>
      <p className="muted">{t('next.tell_text')}</p>
      {waits && (
        <p>
          <Link to={`/${lang}/account`}>{t('next.by_email')}</Link>
        </p>
      )}
      <p role="status">{said}</p>
    </section>
  )
}

/** What the receipt means, in plain words. */
function Plain({ round }: { round: Round }) {
  const { t } = useTranslation('vote')
  const lang = useLang()
  return (
    <section className="prose no-print">
      <h2>{t('receipt.plain.heading')}</h2>
      <p>{t('receipt.plain.cleared')}</p>
      <p>{t('receipt.plain.promise')}</p>
      <p>
        {t('receipt.plain.later')} <Link to={`/${lang}/rounds/${round.id}/check`}>{t('receipt.plain.check')}</Link>
      </p>
      <details className={styles.others}>
        <summary>{t('receipt.others.heading')}</summary>
        <ul>
          <li>{t('receipt.others.city')}</li>
          <li>{t('receipt.others.choices')}</li>
          <li>{t('receipt.others.paper')}</li>
          <li>{t('receipt.others.device')}</li>
        </ul>
      </details>
    </section>
  )
}

/** For a computer that others use too. */
function Leave({ round, manifest }: { round: Round; manifest: Manifest }) {
  const { t } = useTranslation(['vote', 'shell'])
  const [asking, setAsking] = useState(false)
  const kept = useReceipts(round.id)
  const stop = () => {
    setAsking(false)
  }
  const lang = useLang()
  const session = useSession()
  const results = stageOf(round).acts.includes('results')
  return (
    <section className="stack no-print">
      <h2>{t('leave.heading')}</h2>
      <p className="prose">{t('leave.text')}</p>
      <div className="actions">
        {session?.signed_in && (
          <Button variant="secondary" start="signout" onClick={() => void signOut()}>
            {t('shell:sign_out')}
          </Button>
        )}
        <Button
          variant="secondary"
          start="trash"
          onClick={() => {
            setAsking(true)
          }}
        >
          {t('leave.remove')}
        </Button>
        <Dialog
          open={asking}
          title={t('leave.sure')}
          onClose={stop}
          actions={
            <>
              <Button
                start="download"
                onClick={() => {
                  for (const receipt of kept) saveReceipt(fileOf(manifest, receipt), receipt.commit)
                  announce(t('receipt.saved'))
                }}
              >
                {t('receipt.save')}
              </Button>
              <Button
                variant="secondary"
                start="trash"
                onClick={() => {
                  stop()
                  forgetReceipts(round.id)
                  announce(t('leave.removed'))
                }}
              >
                {t('leave.remove_now')}
              </Button>
              <Button variant="supplementary" onClick={stop}>
                {t('leave.keep')}
              </Button>
            </>
          }
        >
          <p>{t('leave.sure_text')}</p>
        </Dialog>
        <LinkButton
          variant="supplementary"
          to={`/${lang}/rounds/${round.id}${results ? '/results' : ''}`}
          end="arrow-right"
        >
          {t(results ? 'leave.results' : 'shut.round')}
        </LinkButton>
      </div>
    </section>
  )
}

function NoReceipt({ round }: { round: Round }) {
  const { t } = useTranslation('vote')
  const lang = useLang()
  return (
    <Step round={round} title={t('receipt.none')} lead={<p>{t('receipt.none_text')}</p>}>
      <div className="actions">
        <LinkButton variant="secondary" to={`/${lang}/rounds/${round.id}`}>
          {t('shut.round')}
        </LinkButton>
      </div>
    </Step>
  )
}
