import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { Button, Icon, LinkButton, Notification } from '@/hds'
import { announce } from '@/lib/announce'
import { useLang } from '@/lib/format'
import { signOut, useSession } from '@/lib/session'
import { Local } from '@/lib/text'
import { Trouble } from '@/problem/Trouble'
import { stageOf, type Round } from '@/round/rounds'
import type { Manifest } from './crypto/manifest'
import type { Promised } from './crypto/promise'
import { forgetReceipts, useReceipts, type Receipt } from './receipt'
import { Step } from './Step'

type Checked = Receipt & { promised?: Promised }

/** The proof that the ballot is in the box, checked by this very page at every visit, and never what the ballot says. */
export function Receipts({ round, manifest }: { round: Round; manifest: Manifest }) {
  const { t } = useTranslation('vote')
  const kept = useReceipts(round.id)
  const just = (useLocation().state as { cast?: string[] } | null)?.cast ?? []
  const { data: checked, error } = useQuery({
    queryKey: ['receipts', round.id, kept],
    queryFn: () => check(kept, manifest),
    staleTime: Infinity,
  })
  if (kept.length === 0) return <NoReceipt round={round} />
  if (error) return <Trouble cause={error} />
  // Of several people's receipts in one browser, those of the vote just cast come first.
  const mine = checked?.filter(({ commit }) => just.length === 0 || just.includes(commit))
  const others = checked?.filter((receipt) => !mine?.includes(receipt)) ?? []
  const good = mine?.every(({ promised }) => promised)
  return (
    <Step round={round} title={t(mine && !good ? 'receipt.title_bad' : 'receipt.title')} done lead={<p>{t('receipt.lead')}</p>}>
      {mine && (good ? (
        <Notification kind="success" label={t('receipt.good.heading')} live>
          <p>{t('receipt.good.text')}</p>
        </Notification>
      ) : (
        <Notification kind="error" label={t('receipt.bad.heading')} live>
          <p>{t('receipt.bad.text')}</p>
        </Notification>
      ))}
      <div className="receipt-cards">
        {mine?.map((receipt) => <ReceiptCard key={receipt.commit} round={round} manifest={manifest} receipt={receipt} />)}
      </div>
      <div className="actions no-print">
        <Button variant="secondary" start="printer" onClick={() => { window.print() }}>{t('receipt.print')}</Button>
      </div>
      <Plain />
      {others.length > 0 && (
        <section className="stack no-print">
          <h2>{t('receipt.older')}</h2>
          <div className="receipt-cards">{others.map((receipt) => <ReceiptCard key={receipt.commit} round={round} manifest={manifest} receipt={receipt} />)}</div>
        </section>
      )}
      <Leave round={round} />
    </Step>
  )
}

/** Opens every promise; one that does not hold stays without. */
async function check(kept: Receipt[], manifest: Manifest): Promise<Checked[]> {
  const { openPromise } = await import('./crypto/promise')
  return Promise.all(
    kept.map(async (receipt) => {
      const promised = await openPromise(receipt.promise, manifest).catch(() => undefined)
      return promised?.commit === receipt.commit ? { ...receipt, promised } : receipt
    }),
  )
}

function ReceiptCard({ round, manifest, receipt }: { round: Round; manifest: Manifest; receipt: Checked }) {
  const { t } = useTranslation('vote')
  const paper = manifest.papers.find(({ id }) => id === receipt.paper)
  const save = () => {
    const address = URL.createObjectURL(new Blob([receipt.promise], { type: 'text/plain;charset=utf-8' }))
    const link = document.createElement('a')
    link.href = address
    link.download = `osbu-${round.id}-${receipt.commit.slice(0, 8)}.txt`
    link.click()
    URL.revokeObjectURL(address)
    announce(t('receipt.saved'))
  }
  return (
    <section className="receipt-card">
      <div className="receipt-head">
        <Icon name={receipt.promised ? 'check-circle-fill' : 'error-fill'} size="m" />
        <h2>
          <Local text={round.name} />
          {manifest.papers.length > 1 && paper && <>: <Local text={paper.name} /></>}
        </h2>
      </div>
      <dl className="receipt-facts">
        <div>
          <dt>{t('receipt.number')}</dt>
          <dd className="receipt-number">{receipt.commit.replace(/(.{4})/g, '$1 ').trim()}</dd>
        </div>
      </dl>
      <details className="receipt-exact no-print">
        <summary>{t('receipt.exact')}</summary>
        <pre className="receipt-note">{receipt.promise}</pre>
      </details>
      <pre className="receipt-note print-only">{receipt.promise}</pre>
      <div className="actions no-print">
        <Button start="download" onClick={save}>{t('receipt.save')}</Button>
      </div>
    </section>
  )
}

/** What the receipt means, in plain words. */
function Plain() {
  const { t } = useTranslation('vote')
  return (
    <section className="prose no-print">
      <h2>{t('receipt.plain.heading')}</h2>
      <p>{t('receipt.plain.cleared')}</p>
      <p>{t('receipt.plain.promise')}</p>
      <details className="receipt-others">
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
function Leave({ round }: { round: Round }) {
  const { t } = useTranslation(['vote', 'shell'])
  const lang = useLang()
  const session = useSession()
  const results = stageOf(round).acts.includes('results')
  return (
    <section className="stack no-print">
      <h2>{t('leave.heading')}</h2>
      <p className="prose">{t('leave.text')}</p>
      <div className="actions">
        {session?.signed_in && <Button variant="secondary" start="signout" onClick={() => void signOut()}>{t('shell:sign_out')}</Button>}
        <Button
          variant="secondary"
          start="trash"
          onClick={() => {
            forgetReceipts(round.id)
            announce(t('leave.removed'))
          }}
        >
          {t('leave.remove')}
        </Button>
        <LinkButton variant="supplementary" to={`/${lang}/rounds/${round.id}${results ? '/results' : ''}`} end="arrow-right">
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
        <LinkButton variant="secondary" to={`/${lang}/rounds/${round.id}`}>{t('shut.round')}</LinkButton>
      </div>
    </Step>
  )
}
