import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button } from '@/ui/hds'
import { calendarOf } from '@/lib/calendar'
import { useFormat } from '@/lib/format'
import { saveFile } from '@/receipt/save'
import { useLocal } from '@/ui/text'
import { datesOf } from './dates'
import { stageOf, type Round, type Stage } from '@/data/round'
import styles from './round.module.css'

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
  const local = useLocal()
  const [saved, setSaved] = useState(false)
  const days = datesOf(
    round,
    new Date(round.now),
    (date, tomorrow) => t(`timetable.${tomorrow ? 'tomorrow' : 'date'}.${date}`, { round: local(round.name) }),
    location.origin + location.pathname,
  )
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
      <ol className={styles.timetable}>
        {rows.map(({ row, text }) => (
          <li
            key={row}
            className={row === now ? styles.now : undefined}
            aria-current={row === now ? 'step' : undefined}
          >
            <strong>
              {t(`timetable.${row}`)}
              {row === now && <span className={styles.timetableNow}>{t('timetable.now')}</span>}
            </strong>
            <span>{text}</span>
          </li>
        ))}
      </ol>
      {days.length > 0 && (
        <div className="actions">
          <Button
            small
            variant="secondary"
            start="bell"
            onClick={() => {
              saveFile(`${round.id}.ics`, 'text/calendar', calendarOf(days, new Date()))
              setSaved(true)
            }}
          >
            {t('timetable.remind')}
          </Button>
          <p role="status">{saved && t('timetable.reminded')}</p>
        </div>
      )}
    </section>
  )
}
