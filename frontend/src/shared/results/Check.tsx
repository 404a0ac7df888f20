import { useTranslation } from '@/lib/i18n'
import { AnchorButton, LinkButton } from '@/ui/hds'
import type { Schemas } from '@/lib/api'
import { useLang } from '@/lib/format'
import { hasRole, useSession } from '@/lib/session'
import { Local } from '@/ui/text'
import type { Round } from '@/data/round'
import { classes } from '@/lib/classes'
import styles from './results.module.css'

/** Where to get the record, and how anyone can check all of it, find her own ballot in it, or recount an area. */
export function Check({
  round,
  outcome,
  withheld,
}: {
  round: Round
  outcome?: Schemas['AreaResult']
  withheld: boolean
}) {
  const { t } = useTranslation('results')
  const lang = useLang()
  const official = hasRole(useSession(), 'official')
  const name = round.settings.areas.find(({ id }) => id === outcome?.area)?.name
  const record = `/api/v1/rounds/${encodeURIComponent(round.id)}/record`
  return (
    <section className={classes(styles.check, 'stack')}>
      <h2>{t('check.heading')}</h2>
      <p>{t('check.text')}</p>
      {round.copies_destroyed && <p>{t('check.copies', { statement: round.copies_destroyed })}</p>}
      <div className="actions">
        <AnchorButton href={record} download={`${round.id}.zip`} start="download">
          {t('check.download')}
        </AnchorButton>
        <AnchorButton href={`/${lang}/rounds/${round.id}/record`} variant="secondary">
          {t('check.whole')}
        </AnchorButton>
        <LinkButton to={`/${lang}/rounds/${round.id}/check`} variant="secondary">
          {t('check.own')}
        </LinkButton>
      </div>
      {withheld && official && (
        <>
          <p>{t('check.part_text')}</p>
          <div className="actions">
            <AnchorButton
              variant="secondary"
              href={`${record}/withheld`}
              download={`${round.id}-auditors.zip`}
              start="download"
            >
              {t('check.part')}
            </AnchorButton>
          </div>
        </>
      )}
      {outcome && (
        <>
          <h3>
            {t('check.how')}
            {name && (
              <>
                {': '}
                <Local text={name} />
              </>
            )}
          </h3>
          <ol>
            <li>{t('check.step_1')}</li>
            <li>
              {t('check.verify')}
              <code className={styles.command}>go run ./cmd/osbu-verify record {round.id}.zip</code>
            </li>
            <li>
              {t('check.receipt')}
              <code className={styles.command}>
                go run ./cmd/osbu-verify receipt RECEIPT.json --record {round.id}.zip
              </code>
            </li>
            {outcome.withheld ? <li>{t('check.withheld')}</li> : <Recount outcome={outcome} />}
          </ol>
        </>
      )}
    </section>
  )
}

function Recount({ outcome }: { outcome: Schemas['AreaResult'] }) {
  const { t } = useTranslation('results')
  return (
    <>
      <li>
        {t('check.step_2')}
        <code className={styles.command}>
          go run ./cmd/osbu-tally count areas/{outcome.area}.pb --rule {outcome.rule.rule} --seed SEED
        </code>
      </li>
      <li>
        {t('check.step_3')}
        <code className={styles.command}>{outcome.input_digest}</code>
      </li>
      <li>{t('check.step_4')}</li>
    </>
  )
}
