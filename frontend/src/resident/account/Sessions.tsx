import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { sessionsQuery } from '@/data/account'
import { announce } from '@/lib/announce'
import { ask, office } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { Ask } from '@/ui/Ask'
import { Button, Card } from '@/ui/hds'
import { Trouble } from '@/ui/problem/Trouble'

/** Where I am signed in, and ending it everywhere but here: a session forgotten on a library's computer. */
export function Sessions() {
  const { t } = useTranslation('account')
  const { dateTime } = useFormat()
  const cache = useQueryClient()
  const end = useMutation({
    mutationFn: () => ask(office.DELETE('/api/v1/sessions')),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: sessionsQuery.queryKey })
      announce(t('sessions.ended'))
    },
  })
  return (
    <Card as="section" className="stack">
      <h2>{t('sessions.heading')}</h2>
      <p>{t('sessions.text')}</p>
      <Ask query={useQuery(sessionsQuery)}>
        {(sessions) => (
          <>
            <ul>
              {sessions.map(({ here, ends }, at) => (
                <li key={at}>{t(here ? 'sessions.here' : 'sessions.elsewhere', { until: dateTime(ends) })}</li>
              ))}
            </ul>
            {end.error && <Trouble cause={end.error} />}
            {sessions.length > 1 && (
              <div className="actions">
                <Button
                  variant="secondary"
                  busy={end.isPending}
                  onClick={() => {
                    end.mutate()
                  }}
                >
                  {t('sessions.end')}
                </Button>
              </div>
            )}
          </>
        )}
      </Ask>
    </Card>
  )
}
