import { useTranslation } from '@/lib/i18n'
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
import { classes } from '@/lib/classes'
import styles from './receipt.module.css'

/**
 * One receipt: that the vote is in, and how the receipt is kept. What was found out about it is folded while all is well,
 * and comes first when it is not. The finding is undefined until it is there.
 */
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
  const address = location.origin + checkHref(lang, round.id, receipt.commit)
  const paper = manifest.papers.find(({ id }) => id === receipt.paper)
  const fine = finding === undefined || ['logged', 'waiting', 'unreached'].includes(finding.verdict)
  const folded = finding === undefined || ['logged', 'waiting'].includes(finding.verdict)
  return (
    <section className={classes(styles.card, !fine && styles.bad)}>
      <div className={styles.head}>
        <Icon name={fine ? 'check-circle-fill' : 'error-fill'} size="l" />
        <div>
          <h2>{t(fine ? 'receipt.in' : 'receipt.look')}</h2>
          <p>
            <Local text={round.name} />
            {manifest.papers.length > 1 && paper && (
              <>
                : <Local text={paper.name} />
              </>
            )}
          </p>
        </div>
      </div>
      {!folded && (
        <div className="no-print">
          <Findings finding={finding} />
        </div>
      )}
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
      {!finding && (
        <p role="status" className="no-print">
          {t('receipt.checking')}
        </p>
      )}
      {finding?.verdict === 'waiting' && (
        <div className="no-print">
          <Crowd round={round.id} />
        </div>
      )}
      <details className={classes(styles.more, 'no-print')}>
        <summary>{t('receipt.proofs')}</summary>
        <div className="stack">
          {folded && finding && <Findings finding={finding} />}
          <Proof manifest={manifest} receipt={receipt} />
          <p>{t('receipt.qr.text')}</p>
          <Qr text={address} label={t('receipt.qr.label')} />
          <p>{t('receipt.exact')}</p>
          <pre className={styles.note}>{receipt.promise}</pre>
        </div>
      </details>
      <div className="print-only stack">
        <Proof manifest={manifest} receipt={receipt} />
        <Qr text={address} label={t('receipt.qr.label')} />
        <p>{t('receipt.qr.typed', { address: `${location.origin}/${lang}/rounds/${round.id}/check` })}</p>
        <pre className={styles.note}>{receipt.promise}</pre>
        <p>{t('receipt.others.paper')}</p>
      </div>
    </section>
  )
}

/** Its number, and by what one sees that everybody has the same ballot. */
function Proof({ manifest, receipt }: { manifest: Manifest; receipt: Receipt }) {
  const { t } = useTranslation('vote')
  return (
    <>
      <dl className={styles.facts}>
        <div>
          <dt>{t('receipt.number')}</dt>
          <dd className={styles.number}>{receipt.commit.replace(/(.{4})/g, '$1 ').trim()}</dd>
        </div>
      </dl>
      <CheckCode code={manifest.checkCode} />
    </>
  )
}
