import { useTranslation } from '@/lib/i18n'
import { useLang } from '@/lib/format'
import { useLocal } from '@/ui/text'
import type { Round } from '@/data/round'
import { keyText, type Table as ProposalTable } from '@/data/equality'
import { Table, Told } from './Table'

/** What became of proposals, by area, language or the way they came. */
export function Proposals({ round, table }: { round: Round; table: ProposalTable }) {
  const { t, has } = useTranslation('statistics')
  const lang = useLang()
  const local = useLocal()
  const word = (name: string) => (has(`column.${name}`) ? t(`column.${name}` as 'column.other') : name)
  const area = (id: string) => local(round.settings.areas.find((one) => one.id === id)?.name)
  const heading = t(`proposals.${table.by}`)
  const rows = table.rows.filter(({ total }) => total.number !== 0)
  return (
    <section className="stack-s">
      <h3>{heading}</h3>
      {table.few ? (
        <p>{t('few')}</p>
      ) : rows.length === 0 ? (
        <p>{t('none')}</p>
      ) : (
        <Table
          caption={heading}
          head={[t(table.by), ...table.columns.map((names) => names.map(word).join(' + ')), t('total')]}
          lines={[...rows, table.total].map((row, at) => ({
            key: at < rows.length ? row.key : 'total',
            name: at < rows.length ? keyText(table.by, row.key, lang, area, word) : t('total'),
            sum: at === rows.length,
            cells: [...row.cells, row.total].map(({ number }, column) => <Told key={column} number={number} />),
          }))}
        />
      )}
    </section>
  )
}
