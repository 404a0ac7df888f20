import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { Card, LinkButton, StatusLabel } from '@/ui/hds'
import { Ask } from '@/ui/Ask'
import { useFormat } from '@/lib/format'
import { Local } from '@/ui/text'
import { money, roundsQuery } from '@/data/round'
import { Page } from '@/ui/Page'
import { classes } from '@/lib/classes'
import styles from './office.module.css'

export function RoundList() {
  const { t } = useTranslation(['office', 'phase'])
  const { euros } = useFormat()
  return (
    <Page title={t('title')} lead={t('lead')}>
      <div className="stack-l">
        <div className="actions">
          <LinkButton to="/office/new" start="plus">
            {t('create.link')}
          </LinkButton>
          <LinkButton to="/office/people" variant="secondary">
            {t('people.link')}
          </LinkButton>
          <LinkButton to="/office/emails" variant="secondary">
            {t('emails.title')}
          </LinkButton>
        </div>
        <Ask query={useQuery(roundsQuery)}>
          {(rounds) => (
            <ul className={classes('plain', styles.rounds)}>
              {rounds.map((round) => (
                <Card as="li" key={round.id} className="stack">
                  <h2>
                    <Link to={`/office/${round.id}`}>
                      <Local text={round.name} />
                    </Link>
                  </h2>
                  <p className="tags">
                    <StatusLabel kind={round.phase === 'voting' ? 'success' : 'info'}>
                      {t(`phase:${round.phase}`)}
                    </StatusLabel>
                    {round.rehearsal && <StatusLabel kind="alert">{t('rehearsal')}</StatusLabel>}
                  </p>
                  <p className="muted">
                    {t('list.facts', { areas: round.settings.areas.length, sum: euros(money(round)) })}
                  </p>
                </Card>
              ))}
              {rounds.length === 0 && <li>{t('list.none')}</li>}
            </ul>
          )}
        </Ask>
      </div>
    </Page>
  )
}
