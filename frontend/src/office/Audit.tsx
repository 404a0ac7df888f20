import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Button } from '@/hds'
import { Ask } from '@/lib/Ask'
import { useFormat } from '@/lib/format'
import { auditQuery } from './office'
import { RoundPage } from './RoundPage'
import { Scroll } from './Scroll'

export function Audit() {
  const { t } = useTranslation('office')
  return (
    <RoundPage title={t('audit.title')} lead={t('audit.about')}>
      {(round) => <Log round={round.id} />}
    </RoundPage>
  )
}

function Log({ round }: { round: string }) {
  const { t } = useTranslation('office')
  const { dateTime } = useFormat()
  const query = useInfiniteQuery(auditQuery(round))
  return (
    <Ask query={query}>
      {({ pages }) => (
        <>
          <Scroll label={t('audit.title')}>
            <table>
              <thead>
                <tr>
                  {(['seq', 'at', 'actor', 'action', 'reason', 'hash'] as const).map((column) => (
                    <th scope="col" key={column}>
                      {t(`audit.${column}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {pages.flat().map((entry) => (
                  <tr key={entry.seq}>
                    <td>{entry.seq}</td>
                    <td>{dateTime(entry.at)}</td>
                    <td>{entry.actor}</td>
                    <td>
                      <code>{entry.action}</code>
                    </td>
                    <td>{entry.reason}</td>
                    <td>
                      <code title={entry.hash}>{entry.hash.slice(0, 12)}…</code>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
          {query.hasNextPage && (
            <Button variant="secondary" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t('more')}
            </Button>
          )}
        </>
      )}
    </Ask>
  )
}
