import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { base64Of, mostBytes } from '@/data/assisted'
import { keys } from '@/data/keys'
import { useRound, type Round } from '@/data/round'
import { importTranslations, languages, promisedIn, sheetHref, type Language, type Report } from '@/data/translation'
import { announce } from '@/lib/announce'
import { useLang } from '@/lib/format'
import { Problem } from '@/lib/problem'
import { CellFaults } from '@/shared/sheet/CellFaults'
import { SheetNotes } from '@/shared/sheet/SheetNotes'
import { SheetTrouble } from '@/shared/sheet/SheetTrouble'
import { AskPage } from '@/ui/AskPage'
import { AnchorButton, Button, FileField, Notification, Select, Spinner, StatusLabel } from '@/ui/hds'
import { Page } from '@/ui/Page'
import { Trouble } from '@/ui/problem/Trouble'
import { useLocal } from '@/ui/text'
import { classes } from '@/lib/classes'
import css from './translation.module.css'

/** Many translations at once: a sheet out, and back with a try that names each row and cell. */
export function TranslationSheet() {
  return <AskPage query={useRound()}>{(round) => <SheetPage round={round} />}</AskPage>
}

function SheetPage({ round }: { round: Round }) {
  const { t } = useTranslation(['translation', 'desk', 'sheet', 'problem'])
  const local = useLocal()
  const lang = useLang()
  const cache = useQueryClient()
  const [into, setInto] = useState<Language>(promisedIn(round).find((one) => one !== 'fi') ?? 'fi')
  const [file, setFile] = useState<File>()
  const [base64, setBase64] = useState('')
  const read = useMutation({
    mutationFn: async (chosen: File) => {
      if (chosen.size > mostBytes) throw new Problem('sheet_too_large')
      const text = await base64Of(chosen)
      setBase64(text)
      return importTranslations(round.id, into, text, false)
    },
  })
  const save = useMutation({
    mutationFn: () => importTranslations(round.id, into, base64, true),
    onSuccess: ({ rows }) => {
      announce(t('sheet.done', { count: saved(rows) }))
      void cache.invalidateQueries({ queryKey: keys.translations(round.id) })
      void cache.invalidateQueries({ queryKey: keys.proposals(round.id) })
      void cache.invalidateQueries({ queryKey: keys.round(round.id) })
    },
  })
  const report = save.data ?? read.data
  return (
    <Page
      title={t('sheet.title')}
      above={[
        { to: '/desk', text: t('desk:title') },
        { to: `/desk/${round.id}`, text: local(round.name) },
        { to: `/desk/${round.id}/translations`, text: t('title') },
      ]}
      lead={t('sheet.lead')}
    >
      <div className="stack-l">
        <section className="stack">
          <h2>{t('sheet.out')}</h2>
          <Select
            id="sheet-into"
            label={t('sheet.into')}
            value={into}
            options={promisedIn(round).map((one) => ({ value: one, label: t(`in.${one}`) }))}
            onChange={(event) => {
              setInto(languages.find((one) => one === event.target.value) ?? 'sv')
              setFile(undefined)
              read.reset()
              save.reset()
            }}
          />
          <p>{t('sheet.out_help')}</p>
          <div className="actions">
            {(['xlsx', 'csv'] as const).map((format) => (
              <AnchorButton
                key={format}
                variant="secondary"
                href={sheetHref(round.id, { open: true }, into, format, lang)}
                download={`${round.id}-${into}.${format}`}
              >
                {t(`sheet.${format}`)}
              </AnchorButton>
            ))}
            <a href={sheetHref(round.id, {}, into, 'xlsx', lang)} download={`${round.id}-${into}.xlsx`}>
              {t('sheet.everything')}
            </a>
          </div>
        </section>
        <section className="stack">
          <h2>{t('sheet.back')}</h2>
          <FileField
            id="translation-file"
            label={t('sheet.file', { language: t(`into.${into}`) })}
            helper={t('sheet.file_help')}
            accept=".xlsx,.csv"
            chosen={file?.name}
            onChoose={(chosen) => {
              setFile(chosen)
              save.reset()
              read.mutate(chosen)
            }}
          />
          {(read.isPending || save.isPending) && <Spinner />}
          {read.error && <SheetTrouble cause={read.error} />}
          {save.error && <Trouble cause={save.error} />}
        </section>
        {report && (
          <Told
            round={round}
            report={report}
            busy={save.isPending}
            onSave={() => {
              save.mutate()
            }}
          />
        )}
      </div>
    </Page>
  )
}

const saved = (rows: Report['rows']) => rows.filter(({ status }) => status === 'change').length

function Told({ round, report, busy, onSave }: { round: Round; report: Report; busy: boolean; onSave: () => void }) {
  const { t } = useTranslation('translation')
  const faulty = report.rows.filter(({ status }) => status === 'error').length
  const count = saved(report.rows)
  return (
    <section className="stack">
      <Notification
        kind={report.done ? 'success' : faulty > 0 ? 'error' : 'info'}
        label={
          report.done
            ? t('sheet.done', { count })
            : faulty > 0
              ? t('sheet.faulty', { count: faulty })
              : t('sheet.ready', { count })
        }
        live
      >
        {!report.done && faulty + count > 0 && <p>{t(faulty > 0 ? 'sheet.faulty_help' : 'sheet.ready_help')}</p>}
        <SheetNotes ignored={report.ignored} encoding={report.encoding} />
      </Notification>
      {!report.done && faulty === 0 && count > 0 && (
        <div className="actions">
          <Button busy={busy} onClick={onSave}>
            {t('sheet.save', { count })}
          </Button>
        </div>
      )}
      <ul className={classes('plain', 'stack-s')}>
        {report.rows
          .filter(({ status }) => status !== 'unchanged')
          .map(({ line, proposal, title, status, changed, faults }) => (
            <li key={line} className={css.row}>
              <p className={css.acts}>
                <strong>{t('sheet.row', { line })}</strong>
                <StatusLabel kind={status === 'change' ? 'success' : 'error'}>
                  {t(
                    status === 'change' && report.done
                      ? 'sheet.saved'
                      : `sheet.${status === 'change' ? 'will' : 'not'}`,
                  )}
                </StatusLabel>
                {proposal ? <Link to={`/desk/${round.id}/${String(proposal)}`}>{title}</Link> : title}
              </p>
              {changed.length > 0 && (
                <p>{t('sheet.parts', { parts: changed.map((part) => t(`parts.${part}`)).join(', ') })}</p>
              )}
              <CellFaults faults={faults} />
            </li>
          ))}
      </ul>
    </section>
  )
}
