import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { keys } from '@/data/keys'
import { imageHref, type Image } from '@/data/gallery'
import { Problem } from '@/lib/problem'
import { drawingOf } from '@/shared/picture/drawing'
import styles from './vote.module.css'

/** The photo's bytes, asked for without the session's cookie: what a voter looks at is told of nobody. */
async function photo(href: string): Promise<string> {
  const answer = await fetch(href, { credentials: 'omit' })
  if (!answer.ok) throw new Problem('internal')
  return URL.createObjectURL(await answer.blob())
}

/** A project's photo once it comes into view; until then, and where there is none, the drawing of its theme. */
export function Photo({
  round,
  proposal,
  image,
  theme,
  size = 'small',
}: {
  round: string
  proposal?: number
  image?: Image
  theme?: string
  size?: 'small' | 'full'
}) {
  const ref = useRef<HTMLImageElement>(null)
  const [seen, setSeen] = useState(false)
  useEffect(() => {
    if (!ref.current || !image) return undefined
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true)
      },
      { rootMargin: '300px' },
    )
    observer.observe(ref.current)
    return () => {
      observer.disconnect()
    }
  }, [image])
  const href = image && proposal !== undefined ? imageHref(round, proposal, image.id, size) : undefined
  const { data } = useQuery({
    queryKey: keys.photo(href),
    queryFn: () => photo(href ?? ''),
    enabled: seen && href !== undefined,
    staleTime: Infinity,
    gcTime: Infinity, // the address that was made for it stands as long as the page
  })
  return (
    <img
      ref={ref}
      className={styles.photo}
      src={data ?? drawingOf(theme)}
      width="300"
      height="200"
      alt={(data && image?.alt) ?? ''}
      decoding="async"
    />
  )
}
