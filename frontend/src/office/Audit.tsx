import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Button, Notification } from '@/ui/hds'
import { Ask } from '@/ui/Ask'
import type { Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import type fi from './office.fi.json'
import { auditCheckQuery, auditQuery } from '@/data/office'
import { RoundPage } from './RoundPage'

export function Audit() {
  const { t } = useTranslation('office')
  return (
    <RoundPage title={t('audit.title')} lead={t('audit.about')}>
      {(round) => (
        <>
          <Checked round={round.id} />
          <Log round={round.id} />
        </>
      )}
    </RoundPage>
  )
}

/** Whether the chain holds, and whether it is the one that the public log vouches for. */
function Checked({ round }: { round: string }) {
  const { t } = useTranslation('office')
  const { number } = useFormat()
  const query = useQuery(auditCheckQuery(round))
  return (
    <Ask query={query}>
      {({ entries, broken, steps, differs }) => (
        <Notification
          kind={broken !== undefined || differs ? 'error' : 'success'}
          label={
            broken !== undefined
              ? t('audit.check.broken', { entry: number(broken) })
              : t(differs ? 'audit.check.differs' : 'audit.check.holds')
          }
        >
          <p>{t('audit.check.entries', { entries: number(entries) })}</p>
          <p>{t('audit.check.steps', { steps: number(steps) })}</p>
          {(broken !== undefined || differs) && <p>{t('audit.check.do')}</p>}
        </Notification>
      )}
    </Ask>
  )
}

function Log({ round }: { round: string }) {
  const { t } = useTranslation('office')
  const query = useInfiniteQuery(auditQuery(round))
  return (
    <Ask query={query}>
      {({ pages }) => (
        <>
          <ol className="plain office-log">
            {pages.flat().map((entry) => (
              <Entry key={entry.seq} entry={entry} />
            ))}
          </ol>
          {query.hasNextPage && (
            <div className="actions">
              <Button variant="secondary" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {t('more')}
              </Button>
            </div>
          )}
        </>
      )}
    </Ask>
  )
}

/** One entry, with what its hash is made of. */
function Entry({ entry: { seq, at, actor, name, action, reason, details, hash } }: { entry: Schemas['AuditEntry'] }) {
  const { t } = useTranslation('office')
  const { dateTime, number } = useFormat()
  const did = action.replace(/[ .]/g, '_') as keyof typeof fi.audit.did
  return (
    <li>
      <p>
        <strong>{t(`audit.did.${did}`, { defaultValue: action })}</strong>
        {reason && <span className="office-reason"> {t('audit.reason', { reason })}</span>}
      </p>
      <p className="muted">
        {number(seq)} · {dateTime(at)} · {name ? `${name} (${actor})` : actor}
      </p>
      <details>
        <summary>{t('audit.details')}</summary>
        <dl>
          <dt>{t('audit.action')}</dt>
          <dd>
            <code>{action}</code>
          </dd>
          <dt>{t('audit.facts')}</dt>
          <dd>
            <code>{details}</code>
          </dd>
          <dt>{t('audit.hash')}</dt>
          <dd>
            <code>{hash}</code>
          </dd>
        </dl>
      </details>
    </li>
  )
}
