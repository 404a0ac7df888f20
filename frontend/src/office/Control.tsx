import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { AnchorButton, Card, Icon, LinkButton, Notification } from '@/ui/hds'
import { useFormat, useLang } from '@/lib/format'
import { useHeading } from '@/ui/text'
import { useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { NextStep } from './NextStep'
import { phases } from '@/data/office'
import { Watch } from './Watch'
import { Windows } from './Windows'
import { classes } from '@/lib/classes'
import styles from './office.module.css'

/** A round's control room: where it stands, the next step, and everything that belongs to it. */
export function Control() {
  return <AskPage query={useRound()}>{(round) => <ControlPage round={round} />}</AskPage>
}

const rooms = ['ballot', 'roll', 'replacement', 'times', 'settings', 'naming', 'letters', 'results', 'audit'] as const

function ControlPage({ round }: { round: Round }) {
  const { t } = useTranslation(['office', 'shell'])
  const lang = useLang()
  const heading = useHeading()
  const { dateTime } = useFormat()
  const at = phases.indexOf(round.phase)
  return (
    <Page
      {...heading(round.name)}
      above={[{ to: '/office', text: t('title') }]}
      lead={t('control.lead', { address: round.id, time: dateTime(round.now) })}
    >
      <div className="stack-l">
        {round.rehearsal && <Notification kind="alert">{t('shell:rehearsal')}</Notification>}
        <ol className={styles.phases} aria-label={t('control.phases')}>
          {phases.map((phase, index) => (
            <li
              key={phase}
              className={index < at ? styles.done : index === at ? styles.now : undefined}
              aria-current={index === at ? 'step' : undefined}
            >
              <span className={styles.phaseMark} aria-hidden="true">
                {index < at ? <Icon name="check" size="xs" /> : index + 1}
              </span>
              {t(`phase.${phase}`)}
            </li>
          ))}
        </ol>
        <div className={styles.columns}>
          <NextStep round={round} />
          <Card as="section" className="stack">
            <h2>{t('control.facts')}</h2>
            <Windows round={round} />
            <div className="actions">
              {round.phase !== 'draft' && (
                <AnchorButton small variant="secondary" href={`/${lang}/rounds/${round.id}`}>
                  {t('control.public')}
                </AnchorButton>
              )}
              <LinkButton small variant="secondary" to={`/office/new?copy=${round.id}`}>
                {t('control.copy')}
              </LinkButton>
            </div>
          </Card>
        </div>
        {at >= phases.indexOf('voting') && <Watch round={round} />}
        <nav aria-label={t('control.rooms')}>
          <ul className={classes('plain', styles.rooms)}>
            {rooms.map((room) => (
              <li key={room}>
                <Link to={`/office/${round.id}/${room}`}>
                  <strong>{t(`${room}.title`)}</strong>
                  <span>{t(`${room}.about`)}</span>
                </Link>
              </li>
            ))}
            {['delivering', 'archived'].includes(round.phase) && (
              <li>
                <Link to={`/office/${round.id}/ledger`}>
                  <strong>{t('ledger.title')}</strong>
                  <span>{t('ledger.about')}</span>
                </Link>
              </li>
            )}
          </ul>
        </nav>
      </div>
    </Page>
  )
}
