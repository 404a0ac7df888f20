import { useTranslation } from 'react-i18next'
import { AnchorButton, Notification } from '@/hds'
import { useLang } from '@/lib/format'
import { OutcomeOfRound } from '@/results/Results'
import { RoundPage } from './RoundPage'

/** The outcome as the public will see it, for officials from the count on. */
export function Preview() {
  const { t } = useTranslation('office')
  const lang = useLang()
  return (
    <RoundPage title={t('results.title')} lead={t('results.about')}>
      {(round) => (
        <>
          {!['counted', 'confirmed'].includes(round.phase) && (
            <Notification label={t(round.phase === 'delivering' || round.phase === 'archived' ? 'results.public' : 'results.hidden')}>
              {(round.phase === 'delivering' || round.phase === 'archived') && (
                <AnchorButton small variant="secondary" href={`/${lang}/rounds/${round.id}/results`}>
                  {t('results.open')}
                </AnchorButton>
              )}
            </Notification>
          )}
          {['counted', 'confirmed', 'delivering', 'archived'].includes(round.phase) && <OutcomeOfRound round={round} />}
        </>
      )}
    </RoundPage>
  )
}
