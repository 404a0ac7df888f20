import { useTranslation } from '@/lib/i18n'
import { AnchorButton, Notification } from '@/ui/hds'
import { useLang } from '@/lib/format'
import { OutcomeOfRound } from '@/shared/results/Results'
import type { Round } from '@/data/round'
import { RoundPage } from './RoundPage'

const unpublished: Round['phase'][] = ['counted', 'confirmed']
const published: Round['phase'][] = ['delivering', 'archived']
const shown = [...unpublished, ...published]

/** The outcome as the public will see it, for officials from the count on. */
export function Preview() {
  const { t } = useTranslation('office')
  const lang = useLang()
  return (
    <RoundPage
      title={t('results.title')}
      lead={t('results.about')}
      ownRehearsal={(round) => shown.includes(round.phase)}
    >
      {(round) => (
        <>
          {!unpublished.includes(round.phase) && (
            <Notification label={t(published.includes(round.phase) ? 'results.public' : 'results.hidden')}>
              {published.includes(round.phase) && (
                <AnchorButton small variant="secondary" href={`/${lang}/rounds/${round.id}/results`}>
                  {t('results.open')}
                </AnchorButton>
              )}
            </Notification>
          )}
          {shown.includes(round.phase) && <OutcomeOfRound round={round} />}
        </>
      )}
    </RoundPage>
  )
}
