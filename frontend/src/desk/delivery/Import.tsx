import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { AnchorButton, Button, FileField, Notification, Spinner, StatusLabel } from '@/ui/hds'
import { useFormat, useLang } from '@/lib/format'
import { classes } from '@/lib/classes'
import { Problem } from '@/lib/problem'
import { AskPage } from '@/ui/AskPage'
import { Only } from '@/ui/Only'
import { Page } from '@/ui/Page'
import { Local } from '@/ui/text'
import { base64Of, mostBytes } from '@/data/assisted'
import {
  countedRows,
  importDeliveries,
  type DeliveryFact,
  type DeliveryImported,
  type DeliveryPhase,
  type DeliveryRow,
} from '@/data/delivery'
import { useRound, type Round } from '@/data/round'
import { CellFaults } from '@/shared/sheet/CellFaults'
import { SheetNotes } from '@/shared/sheet/SheetNotes'
import { SheetTrouble } from '@/shared/sheet/SheetTrouble'
import styles from './mine.module.css'

/** Many projects at once, from a sheet or the programming tool's export: tried first, then done, all of it or nothing. */
export default function Import() {
  const { t } = useTranslation('bulk')
  return (
    <Only roles={['official']} title={t('title')}>
      <AskPage query={useRound()}>{(round) => <ImportPage round={round} />}</AskPage>
    </Only>
  )
}

function ImportPage({ round }: { round: Round }) {
  const { t } = useTranslation(['bulk', 'delivery', 'desk'])
  const lang = useLang()
  const cache = useQueryClient()
  const [file, setFile] = useState<File>()
  const [base64, setBase64] = useState('')
  const tried = useMutation({
    mutationFn: async (chosen: File) => {
      if (chosen.size > mostBytes) throw new Problem('sheet_too_large')
      const text = await base64Of(chosen)
      setBase64(text)
      return importDeliveries(round.id, text)
    },
  })
  const done = useMutation({
    mutationFn: (digest: string) => importDeliveries(round.id, base64, digest),
    onSuccess: () => cache.invalidateQueries(),
  })
  const made = done.data ?? tried.data
  const sheet = (format: string) => `/api/v1/rounds/${round.id}/delivery-sheet?format=${format}&language=${lang}`
  return (
    <Page
      title={t('title')}
      above={[
        { to: '/desk', text: t('desk:title') },
        { to: '/desk/delivery', text: t('delivery:desk.title') },
      ]}
      lead={
        <>
          <p>
            <strong>
              <Local text={round.name} />
            </strong>
          </p>
          <p>{t('lead')}</p>
        </>
      }
    >
      <div className="stack-l">
        <section className="stack prose">
          <h2>{t('sheet')}</h2>
          <p>{t('sheet_text')}</p>
          <div className="actions">
            <AnchorButton
              variant="secondary"
              start="download"
              href={sheet('xlsx')}
              download={`${round.id}-delivery.xlsx`}
            >
              {t('download_xlsx')}
            </AnchorButton>
            <AnchorButton
              variant="secondary"
              start="download"
              href={sheet('csv')}
              download={`${round.id}-delivery.csv`}
            >
              {t('download_csv')}
            </AnchorButton>
          </div>
          <FileField
            id="delivery-file"
            label={t('file')}
            helper={t('file_help')}
            accept=".xlsx,.csv"
            chosen={file?.name}
            onChoose={(chosen) => {
              setFile(chosen)
              done.reset()
              tried.mutate(chosen)
            }}
          />
          {(tried.isPending || done.isPending) && (
            <>
              <Spinner />
              <p>{t('reading')}</p>
            </>
          )}
          {tried.error && <SheetTrouble cause={tried.error} />}
          {done.error && <SheetTrouble cause={done.error} />}
        </section>
        {made && (
          <Outcome
            made={made}
            busy={done.isPending}
            onConfirm={() => {
              done.mutate(made.digest)
            }}
          />
        )}
        {made && <Rows round={round} file={file?.name ?? ''} made={made} />}
      </div>
    </Page>
  )
}

/** What the sheet would do, or did, in one sentence. */
function Outcome({ made, busy, onConfirm }: { made: DeliveryImported; busy: boolean; onConfirm: () => void }) {
  const { t } = useTranslation('bulk')
  const { number } = useFormat()
  const sums = countedRows(made.rows)
  const of = (count: number) => ({ count, number: number(count) })
  const [kind, label, text] = made.done
    ? (['success', t('done'), ''] as const)
    : sums.error > 0
      ? (['error', t('faulty', of(sums.error)), t('faulty_text')] as const)
      : sums.change > 0
        ? (['info', t('ready', of(sums.change)), t('ready_text')] as const)
        : (['info', t('nothing'), t('nothing_text')] as const)
  return (
    <div className="stack">
      <Notification kind={kind} label={label} live>
        {text && <p>{text}</p>}
        {sums.unmatched > 0 && (
          <>
            <p>{t('unmatched', of(sums.unmatched))}</p>
            <p>{t('unmatched_do')}</p>
          </>
        )}
        {sums.unchanged > 0 && sums.change > 0 && <p>{t('unchanged', of(sums.unchanged))}</p>}
        <SheetNotes ignored={made.ignored} encoding={made.encoding} />
      </Notification>
      {!made.done && sums.error === 0 && sums.change > 0 && (
        <div className="actions">
          <Button busy={busy} onClick={onConfirm}>
            {t('confirm', of(sums.change))}
          </Button>
        </div>
      )}
    </div>
  )
}

const order = { error: 0, unmatched: 1, change: 2, unchanged: 3 }
const kinds = { error: 'error', unmatched: 'alert', change: 'success', unchanged: undefined } as const

/** Each row and what it does; first what must be mended. */
function Rows({ round, file, made }: { round: Round; file: string; made: DeliveryImported }) {
  const { t } = useTranslation('bulk')
  const { number } = useFormat()
  const rows = made.rows
    .filter(({ status }) => status !== 'unchanged')
    .sort((a, b) => order[a.status] - order[b.status] || a.line - b.line)
  if (rows.length === 0) return null
  return (
    <section className="stack">
      <h2>{t('rows')}</h2>
      <ul className={classes('plain', styles.list)}>
        {rows.map((row) => (
          <li key={row.line} className={styles.row}>
            <p className="tags">
              <strong>{t('file_row', { file, line: number(row.line) })}</strong>
              <StatusLabel kind={kinds[row.status]}>{t(`status.${row.status}`)}</StatusLabel>
            </p>
            <p>
              {row.project && row.title ? (
                <Link to={`/desk/${round.id}/delivery/${String(row.project)}/${String(row.site ?? 0)}`}>
                  {row.project}. <Local text={row.title} />
                </Link>
              ) : (
                row.external
              )}
            </p>
            <Facts row={row} />
            {row.status === 'error' && <CellFaults faults={row.faults} />}
            {row.faults.some(({ limit }) => limit?.endsWith('€')) && <p>{t('paid_do')}</p>}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Facts({ row }: { row: DeliveryRow }) {
  const { t } = useTranslation(['bulk', 'delivery'])
  const { date, euros } = useFormat()
  if (row.facts.length === 0) return null
  const what = ({ what }: DeliveryFact) => {
    const [kind, phase] = what.split('.')
    if (phase) return t(`bulk:${kind as 'promised'}`, { phase: t(`delivery:phase.${phase as DeliveryPhase}`) })
    return t(`bulk:${what as 'paid'}`)
  }
  const say = ({ what }: DeliveryFact, value: string) => {
    if (value === '') return t('none')
    if (what === 'phase') return t(`delivery:phase.${value as DeliveryPhase}`)
    if (what === 'paid') return euros(Number(value))
    return what === 'external' ? value : date(value)
  }
  return (
    <ul>
      {row.facts.map((fact) => (
        <li key={fact.what}>
          {t('became', { what: what(fact), before: say(fact, fact.before), after: say(fact, fact.after) })}
        </li>
      ))}
    </ul>
  )
}
