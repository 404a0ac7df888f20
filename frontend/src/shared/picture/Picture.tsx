import { imageHref, type Image } from '@/data/gallery'
import { drawingOf } from './drawing'
import style from './picture.module.css'

/** The long side of the small size, in pixels (handlers/api/contract/gallery.yaml). */
const small = 640

/**
 * A proposal's or project's picture: its first photo, or else its theme's drawing, which says nothing that the words beside it do not say.
 * Its place is there before it is. The photo's words are in the proposal's language.
 */
export function Picture({
  round,
  proposal,
  image,
  theme,
  lang,
  sizes = '(min-width: 992px) 36rem, 100vw',
}: {
  round: string
  proposal?: number
  image?: Image
  theme?: string
  lang?: string
  /** How wide it stands on the page, as the attribute of <img> says it. */
  sizes?: string
}) {
  if (!image || proposal === undefined)
    return (
      <img
        className={style.picture}
        src={drawingOf(theme)}
        width="300"
        height="200"
        alt=""
        loading="lazy"
        decoding="async"
      />
    )
  const { id, alt, width, height } = image
  const narrow = Math.min(width, Math.round((width * small) / Math.max(width, height)))
  const [little, full] = [imageHref(round, proposal, id, 'small'), imageHref(round, proposal, id, 'full')]
  return (
    <img
      className={style.picture}
      src={little}
      srcSet={`${little} ${String(narrow)}w, ${full} ${String(width)}w`}
      sizes={sizes}
      width={width}
      height={height}
      alt={alt}
      lang={lang}
      loading="lazy"
      decoding="async"
    />
  )
}
