import { useTranslation } from 'react-i18next'
import { Button, Icon } from '@/ui/hds'
import type { Finding } from '@/receipt/examine'
import { CheckCode } from '@/receipt/CheckCode'
import { Findings } from '@/receipt/Findings'
import { Qr } from '@/receipt/Qr'
import { checkHref, saveReceipt } from '@/receipt/save'
import { announce } from '@/lib/announce'
import { useLang } from '@/lib/format'
import { Local } from '@/ui/text'
import type { Round } from '@/data/round'
import type { Manifest } from '@/receipt/crypto/manifest'
import { Crowd } from './Crowd'
import { fileOf, type Receipt } from './receipt'

/** One receipt: what was found out about it, its number, and how it is kept. The finding is undefined until it is there. */
export function ReceiptCard({
  round,
  manifest,
  receipt,
  finding,
}: {
  round: Round
  manifest: Manifest
  receipt: Receipt
  finding?: Finding
}) {
  const { t } = useTranslation('vote')
  const lang = useLang()
  const paper = manifest.papers.find(({ id }) => id === receipt.paper)
  const fine = finding === undefined || ['logged', 'waiting', 'unreached'].includes(finding.verdict)
  const address = location.origin + checkHref(lang, round.id, receipt.commit)
  return (
    <section className={`receipt-card${fine ? '' : ' bad'}`}>
      <div className="receipt-head">
        <Icon name={fine ? 'check-circle-fill' : 'error-fill'} size="m" />
        <h2>
          <Local text={round.name} />
          {manifest.papers.length > 1 && paper && (
            <>
              : <Local text={paper.name} />
            </>
          )}
        </h2>
      </div>
      <div className="stack no-print">
        {finding ? <Findings finding={finding} /> : <p role="status">{t('receipt.checking')}</p>}
        {finding?.verdict === 'waiting' && <Crowd round={round.id} />}
      </div>
      <dl className="receipt-facts">
        <div>
          <dt>{t('receipt.number')}</dt>
          <dd className="receipt-number">{receipt.commit.replace(/(.{4})/g, '$1 ').trim()}</dd>
        </div>
      </dl>
      <CheckCode code={manifest.checkCode} />
      <div className="print-only">
        <Qr text={address} label={t('receipt.qr.label')} />
        <p>{t('receipt.qr.typed', { address: `${location.origin}/${lang}/rounds/${round.id}/check` })}</p>
      </div>
      <details className="receipt-more no-print">
        <summary>{t('receipt.qr.summary')}</summary>
        <div className="stack">
          <Qr text={address} label={t('receipt.qr.label')} />
          <p>{t('receipt.qr.text')}</p>
        </div>
      </details>
      <details className="receipt-more no-print">
        <summary>{t('receipt.exact')}</summary>
        <pre className="receipt-note">{receipt.promise}</pre>
      </details>
      <pre className="receipt-note print-only">{receipt.promise}</pre>
      <p className="print-only">{t('receipt.others.paper')}</p>
      <div className="actions no-print">
        <Button
          start="download"
          onClick={() => {
            saveReceipt(finding?.file ?? fileOf(manifest, receipt), receipt.commit)
            announce(t('receipt.saved'))
          }}
        >
          {t('receipt.save')}
        </Button>
        <Button
          variant="secondary"
          start="printer"
          onClick={() => {
            window.print()
          }}
        >
          {t('receipt.print')}
        </Button>
      </div>
    </section>
  )
}
