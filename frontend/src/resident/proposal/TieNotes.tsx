import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Notification } from '@/ui/hds'
import { useLang } from '@/lib/format'
import { CityText } from '@/shared/proposal/Answer'
import type { Round } from '@/data/round'
import { Consent } from './Consent'
import { tiesQuery } from '@/data/merge'
import { TiedList } from '@/shared/merge/Tied'

/** On a proposal's page: where it went, what it is made of, what it conflicts with, and what its author is asked. */
export function TieNotes({ round, proposal }: { round: Round; proposal: number }) {
  const { t } = useTranslation('merge')
  const to = `/${useLang()}/rounds/${round.id}/proposals`
  const { data } = useQuery(tiesQuery(round.id, proposal))
  if (!data) return null
  const { into, made_of, split_into, split_from, undone, conflicts, merge } = data
  return (
    <>
      {merge?.members.some(({ consents }) => consents.some(({ mine }) => mine)) && (
        <Consent round={round.id} proposal={proposal} merge={merge} to={to} />
      )}
      {into.length > 0 && (
        <Notification kind="alert" label={t('ties.into')}>
          <p>{t('ties.into_text')}</p>
          <TiedList proposals={into} to={to} />
        </Notification>
      )}
      {split_into.length > 0 && (
        <Notification kind="alert" label={t('ties.split_into')}>
          <p>{t('ties.split_into_text')}</p>
          <TiedList proposals={split_into} to={to} />
        </Notification>
      )}
      {undone && (
        <Notification kind="alert" label={t('ties.undone')}>
          <CityText text={undone} />
          <p>{t('ties.undone_text')}</p>
          <TiedList proposals={[...made_of, ...split_from]} to={to} />
        </Notification>
      )}
      {!undone && made_of.length > 0 && (
        <Notification label={t('ties.made_of')}>
          <TiedList proposals={made_of} to={to} />
        </Notification>
      )}
      {!undone && split_from.length > 0 && (
        <Notification label={t('ties.split_from')}>
          <TiedList proposals={split_from} to={to} />
        </Notification>
      )}
      {conflicts.map(({ id, reason, proposals }) => (
        <Notification key={id} label={t('conflict.heading')}>
          <CityText text={reason} />
          <TiedList
            proposals={proposals
              .filter((other) => other.proposal !== proposal)
              .map((other) => ({ ...other, authors: [] }))}
            to={to}
          />
        </Notification>
      ))}
    </>
  )
}
