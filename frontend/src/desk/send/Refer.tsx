import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { deskQuery } from '@/data/desk'
import { SendForm } from './SendForm'
import { ask, office } from '@/lib/api'
import { useLocal } from '@/ui/text'

/** Sends proposals to a division, whose experts estimate them. */
export function Refer({ round, proposals, onDone }: { round: string; proposals: number[]; onDone?: () => void }) {
  const { t } = useTranslation('expert')
  const local = useLocal()
  const { data } = useQuery(deskQuery(round))
  const { length: count } = proposals
  return (
    <SendForm
      round={round}
      texts={{
        to: t('refer.to'),
        help: t('refer.help'),
        note: t('refer.note'),
        action: t('refer.action', { count }),
        done: t('refer.done', { count }),
      }}
      options={[
        { value: '', label: t('refer.choose') },
        ...(data?.divisions ?? []).map(({ id, name }) => ({ value: id, label: local(name) })),
      ]}
      required
      send={(division, note) =>
        ask(
          office.POST('/api/v1/rounds/{round}/queue/referral', {
            params: { path: { round } },
            body: { proposals, division, ...note },
          }),
        )
      }
      onDone={onDone}
    />
  )
}
