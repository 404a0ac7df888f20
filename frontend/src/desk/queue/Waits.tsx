import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { workQuery } from '@/data/desk'
import type { Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import css from './queue.module.css'

/** The list that a number leads to; questions and comments have their own pages, and their numbers at the links there. */
const listOf: Partial<Record<Schemas['DeskWork']['kind'], string>> = {
  unanswered: 'late=yes',
  estimate_late: 'late=yes',
  appealed: 'state=appealed',
  answered: 'state=submitted&answered=yes',
  estimated: 'state=in_evaluation&estimation=given&sort=estimate&descending=yes',
  new: 'state=submitted&answered=no',
  handed_over: 'mine=yes&state=submitted',
  untranslated: 'untranslated=yes',
  to_estimate: 'estimation=waiting&sort=deadline',
}

/** What waits for me, in numbers that lead to it. */
export function Waits({ round }: { round: string }) {
  const { t } = useTranslation('desk')
  const { number } = useFormat()
  const work = useQuery(workQuery(round)).data ?? []
  const shown = work.filter(({ kind }) => listOf[kind])
  if (shown.length === 0) return null
  return (
    <ul className={css.waits} aria-label={t('waits.label')}>
      {shown.map(({ kind, count }) => (
        <li key={kind}>
          <Link to={`/desk/${round}?${listOf[kind] ?? ''}`}>
            {t(`waits.${kind as 'new'}`)} <strong>{number(count)}</strong>
          </Link>
        </li>
      ))}
    </ul>
  )
}
