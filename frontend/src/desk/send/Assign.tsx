import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { assign, deskQuery } from '@/data/desk'
import { SendForm } from './SendForm'

/** Hands proposals to a colleague of all their areas, or to nobody. */
export function Assign({
  round,
  areas,
  proposals,
  onDone,
}: {
  round: string
  areas: string[]
  proposals: number[]
  onDone?: () => void
}) {
  const { t } = useTranslation('desk')
  const { data } = useQuery(deskQuery(round))
  const colleagues = (data?.colleagues ?? []).filter((one) => areas.every((area) => one.areas.includes(area)))
  const { length: count } = proposals
  return (
    <SendForm
      round={round}
      texts={{
        to: t('assign.to'),
        note: t('assign.note'),
        action: t('assign.action', { count }),
        done: t('assign.done', { count }),
      }}
      options={[
        { value: '', label: t('assign.choose') },
        ...colleagues.map(({ id, name, waiting }) => ({
          value: String(id),
          label: t('assign.colleague', { name, count: waiting }),
        })),
        { value: '0', label: t('assign.nobody') },
      ]}
      send={(to, note) => assign(round, { proposals, to: Number(to), ...note })}
      onDone={onDone}
    />
  )
}
