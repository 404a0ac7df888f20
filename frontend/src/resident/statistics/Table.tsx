import type { ReactNode } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useFormat } from '@/lib/format'
import { classes } from '@/lib/classes'
import styles from './statistics.module.css'

export interface Line {
  key: string
  name: ReactNode
  cells: ReactNode[]
  sum?: boolean
}

/** A table whose first column names its rows; all others are numbers. */
export function Table({ caption, head, lines }: { caption: string; head: string[]; lines: Line[] }) {
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={caption}>
      <table className={styles.table}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {head.map((text, column) => (
              <th key={text} scope="col" className={column > 0 ? styles.number : undefined}>
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ key, name, cells, sum }) => (
            <tr key={key} className={classes(sum && styles.sum)}>
              <th scope="row">{name}</th>
              {cells.map((cell, column) => (
                <td key={column} className={styles.number}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** A number, or a dash that says that it is not told. */
export function Told({ number }: { number: number | undefined }) {
  const { t } = useTranslation('statistics')
  const format = useFormat()
  if (number !== undefined) return format.number(number)
  return (
    <>
      <span aria-hidden="true">–</span>
      <span className="visually-hidden">{t('not_told')}</span>
    </>
  )
}

/** The share of those who voted, as a number and as a bar. */
export function Share({ of, used }: { of: number | undefined; used: number | undefined }) {
  const { percent } = useFormat()
  if (used === undefined || !of) return <Told number={undefined} />
  return (
    <span className={styles.share}>
      <span>{percent(used / of)}</span>
      <progress max={of} value={used} aria-hidden="true" />
    </span>
  )
}
