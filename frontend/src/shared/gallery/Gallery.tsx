import { useTranslation } from 'react-i18next'
import './image.css'
import { imageHref, type Image } from '@/data/gallery'

/** A proposal's images, as readers see them. Each leads to its full size. */
export function Gallery({
  round,
  proposal,
  images,
  lang,
}: {
  round: string
  proposal: number
  images: Image[]
  lang?: string
}) {
  const { t } = useTranslation('image')
  if (images.length === 0) return null
  return (
    <ul className="plain gallery" aria-label={t('gallery')}>
      {images.map(({ id, alt, width, height }) => (
        <li key={id}>
          <a href={imageHref(round, proposal, id, 'full')}>
            <img
              src={imageHref(round, proposal, id, 'small')}
              srcSet={`${imageHref(round, proposal, id, 'small')} ${String(Math.min(640, Math.round((width * 640) / Math.max(width, height))))}w, ${imageHref(round, proposal, id, 'full')} ${String(width)}w`}
              sizes="(min-width: 768px) 20rem, 100vw"
              width={width}
              height={height}
              alt={alt || t('undescribed')}
              lang={alt ? lang : undefined}
              loading="lazy"
              decoding="async"
            />
          </a>
        </li>
      ))}
    </ul>
  )
}
