import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { imageHref, type Image } from '@/data/gallery'
import { Button, Dialog } from '@/ui/hds'
import { classes } from '@/lib/classes'
import galleryStyles from './gallery.module.css'
import styles from './large.module.css'

/** A proposal's images, as readers see them. Each opens large, over the page. */
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
  const [large, setLarge] = useState<number>()
  const shown = large === undefined ? undefined : images[large]
  if (images.length === 0) return null
  const go = (by: number) => () => {
    setLarge((at = 0) => (at + by + images.length) % images.length)
  }
  return (
    <>
      <ul className={classes('plain', galleryStyles.gallery)} aria-label={t('gallery')}>
        {images.map(({ id, alt, width, height }, index) => (
          <li key={id}>
            <a
              href={imageHref(round, proposal, id, 'full')}
              onClick={(event) => {
                if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return // in a tab of its own
                event.preventDefault()
                setLarge(index)
              }}
            >
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
      <Dialog
        open={shown !== undefined}
        title={t('large', { number: (large ?? 0) + 1, all: images.length })}
        onClose={() => {
          setLarge(undefined)
        }}
        actions={
          images.length > 1 && (
            <>
              <Button variant="secondary" small onClick={go(-1)}>
                {t('previous')}
              </Button>
              <Button variant="secondary" small onClick={go(1)}>
                {t('next')}
              </Button>
            </>
          )
        }
      >
        {shown && (
          <figure className={styles.large} aria-live="polite">
            <img
              src={imageHref(round, proposal, shown.id, 'full')}
              width={shown.width}
              height={shown.height}
              alt={shown.alt || t('undescribed')}
              lang={shown.alt ? lang : undefined}
            />
            {shown.alt && (
              <figcaption aria-hidden="true" dir="auto" lang={lang}>
                {shown.alt}
              </figcaption>
            )}
          </figure>
        )}
      </Dialog>
    </>
  )
}
