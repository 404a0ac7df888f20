import { queryOptions, useQuery } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useTranslation } from '@/lib/i18n'
import { AnchorButton, Notification } from '@/ui/hds'
import { Ask } from '@/ui/Ask'
import { ask, office, type Schemas } from '@/lib/api'
import { useFormat, useLang } from '@/lib/format'
import { useLocal } from '@/ui/text'
import { useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Only } from '@/ui/Only'
import { Page } from '@/ui/Page'
import styles from './equality.module.css'
import { acceptedShare, keyText, type Table } from '@/data/equality'

const equalityQuery = (round: string) =>
  queryOptions({
    queryKey: keys.equality(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/equality', { params: { path: { round } } })),
  })

/** Whom the round reaches, for the team. */
export default function Equality() {
  const { t } = useTranslation('equality')
  return (
    <Only roles={['facilitator', 'official']} title={t('title')}>
      <AskPage query={useRound()}>{(round) => <EqualityPage round={round} />}</AskPage>
    </Only>
  )
}

function EqualityPage({ round }: { round: Round }) {
  const { t } = useTranslation(['equality', 'desk'])
  const local = useLocal()
  return (
    <Page
      title={t('title')}
      above={[
        { to: '/desk', text: t('desk:title') },
        { to: `/desk/${round.id}`, text: local(round.name) },
      ]}
      lead={t('lead')}
    >
      <div className="stack-l">
        <Notification>{t('hidden')}</Notification>
        <div className="actions">
          <AnchorButton small variant="secondary" start="download" href={`/api/v1/rounds/${round.id}/equality.csv`}>
            {t('csv')}
          </AnchorButton>
          <AnchorButton small variant="secondary" start="download" href={`/api/v1/rounds/${round.id}/equality.xlsx`}>
            {t('excel')}
          </AnchorButton>
        </div>
        <Ask query={useQuery(equalityQuery(round.id))}>
          {({ tables }) =>
            tables.map((table) => <TableOf key={table.measure + table.by} round={round} table={table} />)
          }
        </Ask>
      </div>
    </Page>
  )
}

function TableOf({ round, table }: { round: Round; table: Table }) {
  const { t } = useTranslation('equality')
  const heading = t(`heading.${table.measure}.${table.by}`)
  const empty = table.total.total.number === 0
  return (
    <section className="stack-s">
      <h2>{heading}</h2>
      {table.few ? (
        <p>{t('few')}</p>
      ) : empty ? (
        <p>{t('none')}</p>
      ) : (
        <Numbers round={round} table={table} heading={heading} />
      )}
    </section>
  )
}

function Numbers({ round, table, heading }: { round: Round; table: Table; heading: string }) {
  const { t, has } = useTranslation('equality')
  const lang = useLang()
  const local = useLocal()
  const { number, percent } = useFormat()
  const { areas } = round.settings
  const perHead = table.by === 'area' && table.measure !== 'events' && areas.some(({ population }) => population > 0)
  const columnText = (name: string) => (has(`column.${name}`) ? t(`column.${name}` as 'column.other') : name)
  const all = table.total.total.number ?? 0
  const apart = table.columns.length > 1 // one column says what the total says
  const cell = (one: Schemas['EqualityCell'] | undefined) =>
    one?.number === undefined ? (
      <>
        <span aria-hidden="true">–</span>
        <span className="visually-hidden">{t('not_told')}</span>
      </>
    ) : (
      number(one.number)
    )
  const rows = table.rows.map((row) => ({
    row,
    name: keyText(
      table.by,
      row.key,
      lang,
      (id) => local(areas.find((area) => area.id === id)?.name) || t('whole_city'),
      columnText,
    ),
  }))
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={heading}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t(`by.${table.by}`)}</th>
            {apart &&
              table.columns.map((names) => (
                <th key={names.join()} scope="col" className={styles.number}>
                  {names.map(columnText).join(' + ')}
                </th>
              ))}
            <th scope="col" className={styles.number}>
              {t('total')}
            </th>
            <th scope="col">{t('share')}</th>
            {apart && table.measure === 'proposals' && (
              <th scope="col" className={styles.number}>
                {t('accepted_share')}
              </th>
            )}
            {table.measure === 'help' && (
              <th scope="col" className={styles.number}>
                {t('minutes')}
              </th>
            )}
            {perHead && (
              <th scope="col" className={styles.number}>
                {t('per_head')}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {[...rows, { row: table.total, name: t('total') }].map(({ row, name }, index) => {
            const population = areas.find(({ id }) => id === row.key)?.population ?? 0
            const share = row.total.number !== undefined && all > 0 ? row.total.number / all : undefined
            const accepted = acceptedShare(table.columns, row)
            return (
              <tr key={index} className={index === rows.length ? styles.total : undefined}>
                <th scope="row">{name}</th>
                {apart &&
                  row.cells.map((one, column) => (
                    <td key={column} className={styles.number}>
                      {cell(one)}
                    </td>
                  ))}
                <td className={styles.number}>{cell(row.total)}</td>
                <td>
                  {share === undefined ? (
                    cell(undefined)
                  ) : (
                    <span className={styles.share}>
                      <span>{percent(share)}</span>
                      {index < rows.length && <progress max={1} value={share} aria-hidden="true" />}
                    </span>
                  )}
                </td>
                {apart && table.measure === 'proposals' && (
                  <td className={styles.number}>{accepted === undefined ? cell(undefined) : percent(accepted)}</td>
                )}
                {table.measure === 'help' && <td className={styles.number}>{cell(row.minutes)}</td>}
                {perHead && (
                  <td className={styles.number}>
                    {row.total.number !== undefined && population > 0
                      ? number(Math.round((row.total.number / population) * 10_000) / 10)
                      : cell(undefined)}
                  </td>
                )}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
