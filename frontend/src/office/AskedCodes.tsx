import { useMutation, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import type { Round } from '@/data/round'
import { ask, office, type Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { useTranslation } from '@/lib/i18n'
import { Problem } from '@/lib/problem'
import { Button, Notification } from '@/ui/hds'
import { Trouble } from '@/ui/problem/Trouble'
import { RefuseAsked } from './RefuseAsked'

/** A batch of codes that an official asked for: another one makes or refuses it, and whoever asked can take it back. */
export function AskedCodes({
  round,
  asked,
  onMade,
}: {
  round: Round
  asked: Schemas['AskedCodes']
  onMade: (codes: string[]) => void
}) {
  const { t } = useTranslation('office')
  const { dateTime, number } = useFormat()
  const cache = useQueryClient()
  const { asked_at } = asked
  const refresh = () => {
    void cache.invalidateQueries({ queryKey: keys.round(round.id) })
  }
  const path = { round: round.id }
  const confirm = useMutation({
    mutationFn: () =>
      ask(office.POST('/api/v1/rounds/{round}/codes/asked/confirmation', { params: { path }, body: { asked_at } })),
    onSuccess: ({ codes }) => {
      onMade(codes)
      refresh()
    },
    onError: (cause) => {
      if (cause instanceof Problem && cause.outdated) refresh()
    },
  })
  return (
    <div className="stack">
      {confirm.error && <Trouble cause={confirm.error} />}
      <Notification kind="info" label={t('second.asked', { name: asked.name, time: dateTime(asked_at) })}>
        <p>
          {t('codes.label')}: {asked.label}
        </p>
        {asked.place && (
          <p>
            {t('codes.place')}: {asked.place}
          </p>
        )}
        <p>
          {t('codes.count')}: {number(asked.count)}
        </p>
        <p>{t(asked.own ? 'second.own' : 'codes.asked')}</p>
      </Notification>
      <div className="actions">
        {!asked.own && (
          <Button
            busy={confirm.isPending}
            onClick={() => {
              confirm.mutate()
            }}
          >
            {t('codes.confirm')}
          </Button>
        )}
        <RefuseAsked
          own={asked.own}
          send={(reason) =>
            ask(
              office.POST('/api/v1/rounds/{round}/codes/asked/refusal', {
                params: { path },
                body: { asked_at, reason },
              }),
            )
          }
          onGone={refresh}
        />
      </div>
    </div>
  )
}
