import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useParams } from '@/lib/router'
import { Button, Card, Checkbox, ChoiceGroup, FileField, Notification, Radio, StatusLabel } from '@/ui/hds'
import { deskQuery } from '@/data/desk'
import { announce } from '@/lib/announce'
import { ask, office, type Schemas } from '@/lib/api'
import { useLang } from '@/lib/format'
import { useLocal } from '@/ui/text'
import { useFocusAfter } from '@/ui/useFocusAfter'
import { Form } from '@/ui/form/Form'
import { useForm } from '@/ui/form/useForm'
import { Trouble } from '@/ui/problem/Trouble'
import { useRound, type Round } from '@/data/round'
import { CellFaults } from '@/shared/sheet/CellFaults'
import { SheetNotes } from '@/shared/sheet/SheetNotes'
import { SheetTrouble } from '@/shared/sheet/SheetTrouble'
import { AskPage } from '@/ui/AskPage'
import { Only } from '@/ui/Only'
import { Page } from '@/ui/Page'
import { differences, give, type ExaminedRow } from '@/data/estimate'
import { useSay } from './useSay'
import { classes } from '@/lib/classes'
import styles from './estimate.module.css'

/** A division's queue by a spreadsheet: out, and back with a look at what it would change. */
export function Sheet() {
  const { t } = useTranslation('expert')
  return (
    <Only roles={['expert']} title={t('sheet.title')}>
      <AskPage query={useRound()}>{(round) => <SheetPage round={round} />}</AskPage>
    </Only>
  )
}

function SheetPage({ round }: { round: Round }) {
  const { division = '' } = useParams()
  const { t } = useTranslation(['expert', 'desk', 'sheet'])
  const lang = useLang()
  const local = useLocal()
  const { data: desk } = useQuery(deskQuery(round.id))
  const [file, setFile] = useState<File>()
  const examine = useMutation({
    mutationFn: async (chosen: File) =>
      ask(
        office.POST('/api/v1/rounds/{round}/estimates/import', {
          params: { path: { round: round.id } },
          body: { division, file: await base64Of(chosen) },
        }),
      ),
  })
  const form = useForm({}) // what is wrong with a sheet is said by its rows
  const heading = useFocusAfter<HTMLHeadingElement>(examine.data)
  const name = local(desk?.divisions.find(({ id }) => id === division)?.name) || division
  const address = (format: string) =>
    `/api/v1/rounds/${round.id}/queue/sheet?${new URLSearchParams({ division, format, language: lang }).toString()}`
  return (
    <Page
      title={t('sheet.of', { division: name })}
      above={[
        { to: '/desk', text: t('desk:title') },
        { to: `/desk/${round.id}`, text: local(round.name) },
      ]}
      lead={t('sheet.lead')}
    >
      <div className="stack-l">
        <section className="stack">
          <h2>{t('sheet.out')}</h2>
          <p>{t('sheet.out_help')}</p>
          <p className="actions">
            <a
              className="hds-button hds-button--secondary"
              href={address('xlsx')}
              download={`${round.id}-${division}.xlsx`}
            >
              <span className="hds-button__label">{t('sheet.xlsx')}</span>
            </a>
            <a
              className="hds-button hds-button--secondary"
              href={address('csv')}
              download={`${round.id}-${division}.csv`}
            >
              <span className="hds-button__label">{t('sheet.csv')}</span>
            </a>
          </p>
        </section>
        <section className="stack">
          <h2>{t('sheet.back')}</h2>
          <Form
            form={form}
            busy={examine.isPending}
            onSend={() => {
              if (file) examine.mutate(file)
            }}
            actions={
              <Button type="submit" disabled={!file} busy={examine.isPending}>
                {t('sheet.examine')}
              </Button>
            }
          >
            <FileField
              id="estimate-sheet"
              label={t('sheet.file')}
              accept=".xlsx,.csv,text/csv"
              chosen={file?.name}
              onChoose={(chosen) => {
                setFile(chosen)
                examine.reset()
              }}
            />
          </Form>
          {examine.error && <SheetTrouble cause={examine.error} />}
        </section>
        {examine.data && (
          <section className="stack">
            <h2 ref={heading} tabIndex={-1}>
              {t('sheet.found')}
            </h2>
            <SheetNotes ignored={examine.data.ignored} encoding={examine.data.encoding} />
            <Rows
              key={examine.submittedAt}
              round={round.id}
              division={division}
              rows={examine.data.rows}
              divisions={desk?.divisions ?? []}
              onAgain={() => {
                if (file) examine.mutate(file)
              }}
            />
          </section>
        )}
      </div>
    </Page>
  )
}

type Whose = 'mine' | 'theirs'

function Rows({
  round,
  division,
  rows,
  divisions,
  onAgain,
}: {
  round: string
  division: string
  rows: ExaminedRow[]
  divisions: Schemas['Division'][]
  onAgain: () => void
}) {
  const { t } = useTranslation('expert')
  const cache = useQueryClient()
  const [left, setLeft] = useState<number[]>([])
  const [whose, setWhose] = useState<Record<number, Whose>>({})
  const chosen = rows.flatMap(({ line, status, said, now }) => {
    if (!said) return []
    if (status === 'change' && !left.includes(line)) return [said]
    if (status === 'conflict' && whose[line] === 'mine' && now) return [{ ...said, number: now.number }]
    return []
  })
  const count = (status: ExaminedRow['status']) => rows.filter((row) => row.status === status).length
  const apply = useMutation({
    mutationFn: () => give(round, division, chosen),
    onSuccess: async ({ added }) => {
      announce(t('sheet.done', { count: added }))
      await Promise.all(
        [keys.queue, keys.proposal, keys.proposals, keys.file].map((key) =>
          cache.invalidateQueries({ queryKey: key(round) }),
        ),
      )
    },
  })
  if (apply.data) {
    return (
      <Notification kind="success" label={t('sheet.done', { count: apply.data.added })} live>
        <Button small variant="secondary" onClick={onAgain}>
          {t('sheet.again')}
        </Button>
      </Notification>
    )
  }
  return (
    <>
      <p role="status">
        {t('sheet.sum', {
          change: count('change'),
          conflict: count('conflict'),
          error: count('error'),
          unchanged: count('unchanged'),
        })}
      </p>
      <ul className={classes('plain', styles.rows)}>
        {rows
          .filter(({ status }) => status !== 'unchanged')
          .map((row) => (
            <li key={row.line} className={classes(styles.row, styles[row.status])}>
              <h3>{t('sheet.row', { line: row.line, title: row.title })}</h3>
              <p>
                <StatusLabel kind={row.status === 'change' ? 'success' : row.status === 'conflict' ? 'alert' : 'error'}>
                  {t(`status.${row.status}`)}
                </StatusLabel>
              </p>
              <Told row={row} divisions={divisions} />
              {row.status === 'change' && (
                <Checkbox
                  label={t('sheet.take')}
                  checked={!left.includes(row.line)}
                  onChange={() => {
                    setLeft((old) =>
                      old.includes(row.line) ? old.filter((line) => line !== row.line) : [...old, row.line],
                    )
                  }}
                />
              )}
              {row.status === 'conflict' && (
                <ChoiceGroup legend={t('sheet.whose')}>
                  {(['mine', 'theirs'] as const).map((one) => (
                    <Radio
                      key={one}
                      name={`row-${String(row.line)}`}
                      label={t(`sheet.${one}`)}
                      checked={whose[row.line] === one}
                      onChange={() => {
                        setWhose((old) => ({ ...old, [row.line]: one }))
                      }}
                    />
                  ))}
                </ChoiceGroup>
              )}
            </li>
          ))}
      </ul>
      {count('conflict') > Object.keys(whose).length && <p>{t('sheet.undecided')}</p>}
      {apply.error && (
        <>
          <Trouble cause={apply.error} />
          <div className="actions">
            <Button variant="secondary" onClick={onAgain}>
              {t('sheet.again')}
            </Button>
          </div>
        </>
      )}
      <Card as="section" className={styles.bulk}>
        <p>{t('sheet.all_or_none')}</p>
        <div className="actions">
          <Button
            disabled={chosen.length === 0}
            busy={apply.isPending}
            onClick={() => {
              apply.mutate()
            }}
          >
            {t('sheet.apply', { count: chosen.length })}
          </Button>
        </div>
      </Card>
    </>
  )
}

/** What a row would change, what has changed meanwhile, or what is wrong with it. */
function Told({ row, divisions }: { row: ExaminedRow; divisions: Schemas['Division'][] }) {
  const { t } = useTranslation('expert')
  const { name, say } = useSay(divisions)
  const { said, before, now } = row
  if (!said) return <CellFaults faults={row.faults} />
  const mine = differences(said, now ?? before)
  return (
    <ul>
      {mine.map((part) => (
        <li key={part} className="lines">
          {now
            ? t('sheet.both', { part: name(part), mine: say(said, part), theirs: say(now, part) })
            : t('change', { part: name(part), from: say(before, part), to: say(said, part) })}
        </li>
      ))}
    </ul>
  )
}

/** A file as JSON carries it. */
async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(text)
}
