import type { ReactNode } from 'react'
import { nameOf, type Comparison } from '@/data/comparison'
import type { Round } from '@/data/round'
import { useFormat } from '@/lib/format'
import { useTranslation } from '@/lib/i18n'
import { Found } from './Found'
import styles from './comparison.module.css'

/** A comparison of sheets of paper with the record: what was drawn, how anybody draws the same, and what was found. */
export function Drawn({ round, comparison, children }: { round: Round; comparison: Comparison; children?: ReactNode }) {
  const { t } = useTranslation('comparison')
  const { number, dateTime } = useFormat()
  const { seed, sheets, found, published } = comparison
  return (
    <section className="stack" aria-labelledby={`comparison-${String(comparison.number)}`}>
      <h3 id={`comparison-${String(comparison.number)}`}>{t('heading', { number: number(comparison.number) })}</h3>
      <p>
        {t('drawn', {
          count: sheets.length,
          n: number(sheets.length),
          of: number(comparison.of),
          when: dateTime(comparison.drawn),
        })}{' '}
        {published && t('published', { when: dateTime(published) })}
      </p>
      <p>{t('again')}</p>
      <p>
        <code className={styles.command} translate="no">
          {`osbu-verify sample ${round.id}.zip --paper --seed='${seed.replaceAll("'", "'\\''")}' --size ${String(sheets.length)}`}
        </code>
      </p>
      <details>
        <summary>{t('sheets')}</summary>
        <ul className={`plain ${styles.sheets ?? ''}`}>
          {sheets.map((sheet) => (
            <li key={nameOf(sheet)} translate="no">
              {nameOf(sheet)}
            </li>
          ))}
        </ul>
      </details>
      {found && <Found round={round} of={comparison} found={found} />}
      {children}
    </section>
  )
}
