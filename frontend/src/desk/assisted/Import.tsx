import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { AnchorButton, Button, FileField, LinkButton, Notification, Spinner, StatusLabel } from '@/ui/hds'
import { useFormat, useLang } from '@/lib/format'
import { Problem } from '@/lib/problem'
import { Trouble } from '@/ui/problem/Trouble'
import { useRound, type Round } from '@/data/round'
import { useLocal } from '@/ui/text'
import { CellFaults } from '@/shared/sheet/CellFaults'
import { SheetNotes } from '@/shared/sheet/SheetNotes'
import { SheetTrouble } from '@/shared/sheet/SheetTrouble'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { useAbove } from './Enter'
import { ClaimLetters } from './ClaimLetters'
import {
  base64Of,
  counted,
  importSheet,
  mostBytes,
  lettersOf,
  templateHref,
  assistedQuery,
  type Report,
  type Row,
} from '@/data/assisted'
import { classes } from '@/lib/classes'
import styles from './assisted.module.css'

/** Paper proposals in bulk: a template to fill in, a try that tells of each row, and then all of them, or those that are right. */
export function Import() {
  return <AskPage query={useRound()}>{(round) => <ImportPage round={round} />}</AskPage>
}

function ImportPage({ round }: { round: Round }) {
  const { t } = useTranslation(['assisted', 'problem', 'sheet'])
  const lang = useLang()
  const cache = useQueryClient()
  const [file, setFile] = useState<File>()
  const [base64, setBase64] = useState('')
  const read = useMutation({
    mutationFn: async (chosen: File) => {
      if (chosen.size > mostBytes) throw new Problem('sheet_too_large')
      const text = await base64Of(chosen)
      setBase64(text)
      return importSheet(round.id, text, false)
    },
  })
  const make = useMutation({
    mutationFn: (partly: boolean) => importSheet(round.id, base64, true, partly),
    onSuccess: () => cache.invalidateQueries({ queryKey: assistedQuery(round.id).queryKey }),
  })
  const report = make.data ?? read.data
  const sums = report && counted(report.rows)
  const letters = make.data ? lettersOf(make.data.rows) : []
  return (
    <Page title={t('import.title')} above={useAbove(round)} lead={t('import.lead')}>
      <div className="stack-l">
        <section className={classes('stack', styles.unprinted)}>
          <h2>{t('import.template')}</h2>
          <p>{t('import.template_text')}</p>
          <div className="actions">
            <AnchorButton variant="secondary" href={templateHref(round.id, lang)} download={t('import.template_name')}>
              {t('import.download')}
            </AnchorButton>
          </div>
        </section>
        <section className={classes('stack', styles.unprinted)}>
          <h2>{t('import.choose')}</h2>
          <FileField
            id="assisted-file"
            label={t('import.file')}
            helper={t('import.choose_text')}
            accept=".xlsx,.csv"
            chosen={file?.name}
            onChoose={(chosen) => {
              setFile(chosen)
              make.reset()
              read.mutate(chosen)
            }}
          />
          {(read.isPending || make.isPending) && (
            <>
              <Spinner />
              <p>{t('import.reading')}</p>
            </>
          )}
          {read.error && <SheetTrouble cause={read.error} />}
          {make.error && <Trouble cause={make.error} />}
        </section>
        {report && sums && (
          <>
            <Notification
              kind={report.done ? 'success' : sums.faulty > 0 ? 'error' : 'info'}
              label={
                report.done
                  ? t('import.done', { count: sums.made })
                  : sums.faulty > 0
                    ? t('import.faulty', { count: sums.faulty })
                    : t('import.ready', { count: sums.made })
              }
              live
            >
              <p>
                {t(report.done ? 'import.done_text' : sums.faulty > 0 ? 'import.faulty_text' : 'import.ready_text')}
              </p>
              {report.done && sums.faulty > 0 && <p>{t('import.left', { count: sums.faulty })}</p>}
              <SheetNotes ignored={report.ignored} encoding={report.encoding} />
              {sums.known > 0 && <p>{t('import.known', { count: sums.known })}</p>}
            </Notification>
            {!report.done && sums.made > 0 && (
              <div className="stack-s">
                {sums.faulty > 0 && <p>{t('import.partly_text')}</p>}
                <div className="actions">
                  <Button
                    variant={sums.faulty > 0 ? 'secondary' : undefined}
                    busy={make.isPending}
                    onClick={() => {
                      make.mutate(sums.faulty > 0)
                    }}
                  >
                    {t(sums.faulty > 0 ? 'import.partly' : 'import.confirm', { count: sums.made })}
                  </Button>
                </div>
              </div>
            )}
            {letters.length > 0 && <ClaimLetters round={round} letters={letters} />}
            <Rows round={round} report={report} />
          </>
        )}
        {report?.done && (
          <div className={classes('actions', styles.unprinted)}>
            <LinkButton variant="secondary" to={`/desk/${round.id}/assisted`}>
              {t('entered.back')}
            </LinkButton>
          </div>
        )}
      </div>
    </Page>
  )
}

/** Each row and what becomes of it; the faulty ones first, for they are what one looks for. */
function Rows({ round, report }: { round: Round; report: Report }) {
  const { t } = useTranslation('assisted')
  const { number } = useFormat()
  const order = { faulty: 0, made: 1, known: 2 }
  const rows = [...report.rows].sort((a, b) => order[a.status] - order[b.status] || a.line - b.line)
  return (
    <section className={classes('stack', styles.unprinted)}>
      <h2>{t('import.rows')}</h2>
      <ul className={classes('plain', styles.rows)}>
        {rows.map((row) => (
          <li key={row.line} className={classes(styles.row, styles[row.status])}>
            <p className="tags">
              <strong>{t('import.line', { line: number(row.line) })}</strong>
              <StatusLabel kind={row.status === 'faulty' ? 'error' : row.status === 'made' ? 'success' : undefined}>
                {t(report.done && row.status === 'made' ? 'status.done' : `status.${row.status}`)}
              </StatusLabel>
            </p>
            <p dir="auto">
              {row.proposal ? (
                <Link to={`/desk/${round.id}/${String(row.proposal)}`}>{row.title}</Link>
              ) : (
                row.title || t('import.untitled')
              )}
            </p>
            <Understood round={round} row={row} />
            <CellFaults faults={row.faults} />
            {row.like && (
              <p>
                {t('import.like')} <Link to={`/desk/${round.id}/${String(row.like.id)}`}>{row.like.title}</Link>
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What was read of a row besides its title, so that a slip in the sheet is seen before anything is made of it. */
function Understood({ round, row }: { round: Round; row: Row }) {
  const { t } = useTranslation('assisted')
  const local = useLocal()
  const { date } = useFormat()
  const { areas, themes } = round.settings
  const read = [
    local(areas.find(({ id }) => id === row.area)?.name),
    local(themes.find(({ id }) => id === row.theme)?.name),
    row.consent && t(`case.consent_${row.consent.how}`, { date: date(row.consent.given_on) }),
  ].filter(Boolean)
  return read.length > 0 && <p className="muted">{read.join(' · ')}</p>
}
