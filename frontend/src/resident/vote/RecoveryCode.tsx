import type { ReactNode, Ref } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { useFormat, useLang } from '@/lib/format'
import { Local } from '@/ui/text'
import { useFocusAfter } from '@/ui/useFocusAfter'
import { useService } from '@/ui/useService'
import { useVoting } from './voting'
import type { Identity } from './identity'
import { printSheet } from '@/ui/print'
import { makeRecoveryCode, useRecoveryCode } from './recoveryCode'
import { useUnsent } from './sealed'
import { classes } from '@/lib/classes'
import styles from './receipt.module.css'

/**
 * Offers a recovery code beside the last click: calmly before it, which needs no code, and plainly when the vote is half done (broken).
 * A code made is shown as long as the page is open.
 */
export function RecoveryCode({ identity, broken }: { identity: Identity; broken: boolean }) {
  const { t } = useTranslation('vote')
  const { round, manifest } = useVoting()
  const code = useRecoveryCode(round.id, identity)
  const unsent = useUnsent(manifest).filter(({ empty }) => !empty)
  const kept = unsent.length > 0 && unsent.every(({ recoverable }) => recoverable)
  const heading = useFocusAfter<HTMLHeadingElement>(code)
  if (code) return <Made code={code} kept={kept} begun={unsent.length > 0} heading={heading} />
  if (kept) return <p className="muted">{t('recovery.exists')}</p>
  const make = (
    <>
      <p>{t(broken ? 'recovery.broken.text' : 'recovery.offer.text')}</p>
      <div className="actions">
        <Button
          variant="secondary"
          small
          start="key"
          onClick={() => {
            void makeRecoveryCode(round.id, identity).then(() => {
              announce(t('recovery.made.heading'))
            })
          }}
        >
          {t('recovery.offer.make')}
        </Button>
      </div>
    </>
  )
  if (broken) return <Box heading={t('recovery.broken.heading')}>{make}</Box>
  return (
    <details className={styles.recoveryOffer}>
      <summary>{t('recovery.offer.summary')}</summary>
      <div className="stack">{make}</div>
    </details>
  )
}

function Made({
  code,
  kept,
  begun,
  heading,
}: {
  code: string
  kept: boolean
  begun: boolean
  heading: Ref<HTMLHeadingElement>
}) {
  const { t } = useTranslation('vote')
  const service = useService()
  const { round } = useVoting()
  const { closing } = useFormat()
  const lang = useLang()
  const closes = closing(round.times.voting.closes)
  return (
    <Box heading={t('recovery.made.heading')} headingRef={heading}>
      <p>{t('recovery.made.text')}</p>
      <div className="sheet stack">
        <p className="print-only">
          {service}: <Local text={round.name} />. {t('recovery.made.heading')}
        </p>
        <p className={styles.recoveryCode}>{code}</p>
        <p className="print-only">
          {t('recovery.made.where', { address: `${location.origin}/${lang}/rounds/${round.id}/vote/recover` })}
        </p>
        <p className={begun && !kept ? 'no-print' : undefined}>
          {t(begun ? (kept ? 'recovery.made.kept' : 'recovery.made.not_kept') : 'recovery.made.when', { closes })}
        </p>
        <p>{t('recovery.made.secret')}</p>
      </div>
      <div className="actions">
        <Button variant="secondary" small start="printer" onClick={printSheet}>
          {t('recovery.made.print')}
        </Button>
      </div>
    </Box>
  )
}

function Box({
  heading,
  headingRef,
  children,
}: {
  heading: string
  headingRef?: Ref<HTMLHeadingElement>
  children: ReactNode
}) {
  return (
    <section className={classes(styles.recoveryBox, 'stack')}>
      <h3 ref={headingRef} tabIndex={-1}>
        {heading}
      </h3>
      {children}
    </section>
  )
}
