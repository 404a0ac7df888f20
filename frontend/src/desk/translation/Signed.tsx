import type { Standing } from '@/data/translation'
import { useFormat } from '@/lib/format'
import css from './translation.module.css'

/** Who translated it last, and when. */
export function Signed({ standing: { by, at } }: { standing: Standing }) {
  const { date } = useFormat()
  return (
    by &&
    at && (
      <span className={css.signed}>
        {by}, {date(at)}
      </span>
    )
  )
}
