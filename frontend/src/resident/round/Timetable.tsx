import { useTranslation } from 'react-i18next'
import { useFormat } from '@/lib/format'
import { stageOf, type Round, type Stage } from '@/data/round'

type Row = 'proposing' | 'vetting' | 'voting' | 'after'

const rowOf: Record<Stage['key'], Row | undefined> = {
  draft: undefined,
  proposing_soon: undefined,
  proposing: 'proposing',
  vetting: 'vetting',
  voting_soon: undefined,
  voting: 'voting',
  counting: 'after',
  results: 'after',
  archived: 'after',
}

/** The round's phases with their times; the present one is marked. */
export function Timetable({ round }: { round: Round }) {
  const { t } = useTranslation('round')
  const { dateTime, closing } = useFormat()
  const now = rowOf[stageOf(round).key]
  const rows: { row: Row; text: string }[] = [
    ...(['proposing', 'vetting', 'voting'] as const).map((row) => ({
      row,
      text: `${dateTime(round.times[row].opens)} – ${closing(round.times[row].closes)}`,
    })),
    { row: 'after', text: t('timetable.after_text') },
  ]
  return (
    <section className="stack">
      <h2>{t('timetable.heading')}</h2>
      <ol className="timetable">
        {rows.map(({ row, text }) => (
          <li key={row} className={row === now ? 'now' : undefined} aria-current={row === now ? 'step' : undefined}>
            <strong>
              {t(`timetable.${row}`)}
              {row === now && <span className="timetable-now">{t('timetable.now')}</span>}
            </strong>
            <span>{text}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
