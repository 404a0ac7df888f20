import { useTranslation } from '@/lib/i18n'
import { Icon } from '@/ui/hds'
import { toggleFavourite, useFavourites } from './favourites'
import style from './favourite.module.css'

/** The heart on a card: pressed, it is a favourite in this browser. */
export function Favourite({ round, proposal, title }: { round: string; proposal: number; title: string }) {
  const { t } = useTranslation('proposal')
  const on = useFavourites(round).includes(proposal)
  return (
    <button
      type="button"
      className={style.heart}
      aria-pressed={on}
      aria-label={t('favourite.of', { title })}
      title={t(on ? 'favourite.remove' : 'favourite.add')}
      onClick={() => {
        toggleFavourite(round, proposal)
      }}
    >
      <Icon name={on ? 'heart-fill' : 'heart'} />
    </button>
  )
}
