import { useTranslation } from '@/lib/i18n'
import { LinkButton } from '@/ui/hds'
import { useLang } from '@/lib/format'
import { stageOf, type Act, type Round } from '@/data/round'

const ways: Record<Act, string> = { propose: 'propose', browse: 'proposals', vote: 'vote', results: 'results' }

/** Buttons for what one can do in a round now; the first matters most. */
export function Acts({ round }: { round: Round }) {
  const { t } = useTranslation('round')
  const lang = useLang()
  const { acts, key } = stageOf(round)
  return (
    <div className="actions">
      {acts.map((act, index) => (
        <LinkButton
          key={act}
          to={`/${lang}/rounds/${round.id}/${ways[act]}`}
          variant={index === 0 && act !== 'browse' ? 'primary' : 'secondary'}
          end={index === 0 ? 'arrow-right' : undefined}
        >
          {act === 'browse' && (key === 'voting' || key === 'voting_soon') ? t('act.projects') : t(`act.${act}`)}
        </LinkButton>
      ))}
    </div>
  )
}
