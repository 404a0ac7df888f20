import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { keyIn, type Report } from '@/data/paper'
import { announce } from '@/lib/announce'
import { useFormat } from '@/lib/format'
import { Button, FileField, Notification } from '@/ui/hds'
import { useKept } from '@/ui/form/useKept'
import { Trouble } from '@/ui/problem/Trouble'
import styles from '../polling.module.css'
import { Entry } from './Entry'
import { atLine, blankSheet, toFile, writeSerial, type Keyed, type OnPaper } from './sheet'
import { useReason } from './useSaid'

interface Path {
  round: string
  paper_batch: string
}

/** The words for a fault; what the texts call too_many and too_few would be forms of a plural. */
const wordsOf = {
  bad_format: 'bad_format',
  duplicate: 'duplicate',
  required: 'required',
  unknown: 'unknown',
  several_areas: 'several_areas',
  too_many: 'above',
  too_few: 'below',
  too_large: 'too_large',
  too_small: 'too_small',
  used: 'used',
  agreed: 'agreed',
} as const
const isWorded = (code: string): code is keyof typeof wordsOf => code in wordsOf

/**
 * Sheets of a stack, keyed in one after the other and then handed in. Until then they are kept in this tab alone, and for whoever signed in: handed in or
 * signed out, nothing of them stays.
 */
export function Stack({
  path,
  on,
  slot,
  declared,
  start,
  button,
  onHandedIn,
}: {
  path: Path
  on: OnPaper
  slot: string
  /** How many sheets there should be; not told when only some are keyed again. */
  declared?: number
  start: Keyed[]
  button: string
  onHandedIn: (report: Report) => void
}) {
  const { t } = useTranslation('polling')
  const { number } = useFormat()
  const [{ sheets, now }, setKept, forget] = useKept(slot, { sheets: start, now: blankSheet })
  const [used, setUsed] = useState<string[]>([])
  const [file, setFile] = useState<File>()
  const entry = useRef<HTMLInputElement>(null)
  const change = (next: Keyed) => {
    setKept((kept) => ({ ...kept, now: next }))
  }
  /** A sheet that counts in another batch already is told as soon as its serial is typed; its choices stay here. */
  const check = useMutation({
    mutationFn: (serial: string) =>
      keyIn(path, new Blob([toFile([{ ...blankSheet, serial, reason: 'unreadable' }])]), false),
    gcTime: 0,
    onSuccess: ({ faults }, serial) => {
      if (!faults.some(({ code }) => code === 'used')) return
      setUsed((all) => [...all, serial])
      announce(t('key.used', { serial: writeSerial(serial) }))
    },
  })
  const hand = useMutation({
    mutationFn: ({ table, confirm }: { table: Blob; confirm: boolean }) => keyIn(path, table, confirm),
    gcTime: 0,
    onSuccess: (report) => {
      if (!report.done) return
      forget()
      onHandedIn(report)
    },
  })
  const total = declared === undefined ? undefined : declared - sheets.length
  const dirty = now.serial !== '' || now.picks.length > 0 || now.reason !== ''
  const report = hand.data
  return (
    <div className="stack-l">
      <div className={styles.keying}>
        <Entry
          ref={entry}
          on={on}
          now={now}
          taken={sheets.map(({ serial }) => serial)}
          used={used}
          onChange={change}
          onSerial={(serial) => {
            check.mutate(serial)
          }}
          onDone={(sheet) => {
            setKept(({ sheets }) => ({ sheets: [...sheets, sheet], now: blankSheet }))
            announce(
              declared === undefined
                ? t('key.done', { serial: writeSerial(sheet.serial) })
                : t('key.done_of', {
                    serial: writeSerial(sheet.serial),
                    n: number(sheets.length + 1),
                    declared: number(declared),
                  }),
            )
          }}
        />
        <section className="stack">
          <h2>
            {declared === undefined
              ? t('key.sheets')
              : t('key.sheets_of', { n: number(sheets.length), declared: number(declared) })}
          </h2>
          {sheets.length === 0 ? (
            <p>{t('key.none')}</p>
          ) : (
            <Sheets
              sheets={sheets}
              used={used}
              locked={dirty}
              onCorrect={(sheet) => {
                setKept(({ sheets }) => ({ sheets: sheets.filter((one) => one !== sheet), now: sheet }))
                entry.current?.focus()
              }}
              onStrike={(sheet) => {
                setKept((kept) => ({ ...kept, sheets: kept.sheets.filter((one) => one !== sheet) }))
                announce(t('key.struck', { serial: writeSerial(sheet.serial) }))
                entry.current?.focus()
              }}
            />
          )}
        </section>
      </div>
      <section className="stack">
        <h2>{button}</h2>
        {dirty && <p>{t('key.unfinished')}</p>}
        {!dirty && sheets.length > 0 && total !== undefined && total !== 0 && (
          <Notification kind="alert">
            {total > 0
              ? t('key.fewer', { count: total, n: number(total) })
              : t('key.more', { count: -total, n: number(-total) })}
          </Notification>
        )}
        {declared === undefined ? <p>{t('key.again_text')}</p> : <p>{t('key.hand_in_text')}</p>}
        <div className="actions">
          <Button
            busy={hand.isPending}
            disabled={dirty}
            onClick={() => {
              setFile(undefined)
              hand.mutate({ table: new Blob([toFile(sheets)]), confirm: true })
            }}
          >
            {button}
          </Button>
        </div>
        {hand.error && <Trouble cause={hand.error} />}
        {report && !report.done && <Faults report={report} sheets={file ? undefined : sheets} />}
        <details>
          <summary>{t('key.table')}</summary>
          <div className="stack">
            <p>{t('key.table_text')}</p>
            <FileField
              id="keyed-table"
              label={t('key.file')}
              accept=".xlsx,.csv,.txt"
              chosen={file?.name}
              onChoose={(chosen) => {
                hand.reset()
                setFile(chosen)
              }}
            />
            <div className="actions">
              <Button
                variant="secondary"
                busy={hand.isPending}
                disabled={!file}
                onClick={() => {
                  if (file) hand.mutate({ table: file, confirm: true })
                }}
              >
                {t('key.file_button')}
              </Button>
            </div>
          </div>
        </details>
      </section>
    </div>
  )
}

/** What was keyed in so far, the last one first. */
function Sheets({
  sheets,
  used,
  locked,
  onCorrect,
  onStrike,
}: {
  sheets: Keyed[]
  used: string[]
  /** A sheet is being keyed in: none is corrected beside it. */
  locked: boolean
  onCorrect: (sheet: Keyed) => void
  onStrike: (sheet: Keyed) => void
}) {
  const { t } = useTranslation('polling')
  const reasonOf = useReason()
  return (
    <ul className={`plain ${styles.keyed ?? ''}`}>
      {sheets.toReversed().map((sheet) => {
        const serial = writeSerial(sheet.serial)
        const numbers = sheet.picks
          .map(({ number, points }) => (points ? `${String(number)}: ${String(points)}` : String(number)))
          .join(', ')
        return (
          <li key={sheet.serial}>
            <strong translate="no">{serial}</strong>
            <span>
              {numbers || t('keying.nothing')}
              {sheet.reason && ` (${reasonOf(sheet.reason)})`}
              {used.includes(sheet.serial) && <strong> {t('key.used', { serial })}</strong>}
            </span>
            <span className={styles.pair}>
              <Button
                variant="supplementary"
                small
                disabled={locked}
                aria-label={t('key.correct_of', { serial })}
                onClick={() => {
                  onCorrect(sheet)
                }}
              >
                {t('key.correct')}
              </Button>
              <Button
                variant="supplementary"
                small
                aria-label={t('key.strike_of', { serial })}
                onClick={() => {
                  onStrike(sheet)
                }}
              >
                {t('key.strike')}
              </Button>
            </span>
          </li>
        )
      })}
    </ul>
  )
}

/** What the box does not take; of a table from a file the row is named, of sheets that were keyed in here the serial. */
function Faults({ report, sheets }: { report: Report; sheets?: Keyed[] }) {
  const { t } = useTranslation('polling')
  const { number } = useFormat()
  return (
    <div className="stack">
      <Notification kind="error" label={t('key.refused')} live>
        {t('key.refused_text')}
      </Notification>
      <ul>
        {report.faults.map(({ line, head, code }) => {
          const sheet = sheets && atLine(sheets, line)
          return (
            <li key={`${String(line)} ${head} ${code}`}>
              {sheet ? writeSerial(sheet.serial) : `${t('key.row', { line: number(line) })}, ${head}`}:{' '}
              {t(`keying.fault.${isWorded(code) ? wordsOf[code] : 'unfit'}`)}
            </li>
          )
        })}
      </ul>
    </div>
  )
}
