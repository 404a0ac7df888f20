import { Icon, Notification } from '@/ui/hds'
import { useFormat } from '@/lib/format'
import { useTranslation } from '@/lib/i18n'
import { Local } from '@/ui/text'
import type { Round } from '@/data/round'
import type { Program } from './programs'
import type { Answer, Confirmed, Refused } from './verifier'
import styles from './record.module.css'

/** What the program found. */
export function Verdict({ answer, round, program }: { answer: Answer; round: Round; program: Program }) {
  const { t } = useTranslation('record')
  return (
    <>
      {answer.confirmed ? <Good found={answer} round={round} /> : <Bad found={answer} />}
      <details>
        <summary>{t('all')}</summary>
        {/* The program speaks English alone. */}
        <pre className={styles.said} lang="en">
          {JSON.stringify(answer, undefined, 2)}
        </pre>
        <p>{t('program')}</p>
        <code className={styles.digest}>{program.sha256}</code>
      </details>
    </>
  )
}

function Good({ found, round }: { found: Confirmed; round: Round }) {
  const { t } = useTranslation('record')
  const { euros, number } = useFormat()
  const nameOf = (id: string) => round.settings.areas.find((area) => area.id === id)?.name
  const hidden = found.unchecked ?? []
  const witnesses = Object.keys(found.cosigned).length
  const cents = (sum: string) => Math.round(Number(sum) * 100)
  const facts = [
    t('good.log', { leaves: number(found.leaves), count: found.checkpoints, checkpoints: number(found.checkpoints) }),
    t('good.ballots'),
    t('good.bytes'),
    t('good.count'),
    ...(witnesses > 0 ? [t('good.witnesses', { count: witnesses, number: number(witnesses) })] : []),
    ...(found.key_compared ? [t('good.key')] : []),
  ]
  return (
    <>
      <Notification kind="success" label={t('good.heading')} live>
        <p>{t('good.text')}</p>
      </Notification>
      <ul className={styles.facts}>
        {facts.map((fact) => (
          <li key={fact}>
            <Icon name="check-circle-fill" />
            <span>{fact}</span>
          </li>
        ))}
      </ul>
      {hidden.length > 0 && <p>{t('good.withheld')}</p>}
      <h4>{t('areas.heading')}</h4>
      <dl className={styles.codes}>
        {found.areas.map(({ area, ballots, blank, selected, cost }) => {
          const name = nameOf(area)
          return (
            <div key={area}>
              <dt>{name ? <Local text={name} /> : area}</dt>
              <dd>
                {t('areas.counted', {
                  ballots: number(ballots),
                  blank: number(blank),
                  projects: number(selected?.length ?? 0),
                  cost: euros(cents(cost)),
                })}
              </dd>
            </div>
          )
        })}
      </dl>
      <h4>{t('good.whose')}</h4>
      <dl className={styles.codes}>
        <dt>{t('good.code')}</dt>
        <dd>
          <strong>{found.check_code}</strong>
        </dd>
        <dt>{t('good.log_key')}</dt>
        <dd>
          <code className={styles.digest}>{found.log_key}</code>
        </dd>
      </dl>
      <p>{t('good.compare')}</p>
    </>
  )
}

function Bad({ found }: { found: Refused }) {
  const { t } = useTranslation('record')
  const { number } = useFormat()
  const { file, line, byte, fault } = found
  return (
    <Notification kind="error" label={t('bad.heading')} live>
      <p>
        {t(file ? (line ? 'bad.line' : 'bad.file') : 'bad.zip', { file: file ?? '', line: number(line ?? 0) })}
        {byte !== undefined && ` ${t('bad.byte', { byte: number(byte) })}`}
      </p>
      <p>
        {t('bad.fault')} <span lang="en">{fault}</span>
      </p>
      <p>{t('bad.do')}</p>
    </Notification>
  )
}
