import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { keys } from '@/data/keys'
import { isVoteOver, type Round } from '@/data/round'
import {
  dropRoll,
  isWorkedOn,
  mostBytes,
  rollImportQuery,
  sendRoll,
  takeRoll,
  type RollImport,
} from '@/data/rollImport'
import { useFormat } from '@/lib/format'
import { Button, Checkbox, FileField, Notification } from '@/ui/hds'
import { Trouble } from '@/ui/problem/Trouble'
import { Scroll } from './Scroll'
import { classes } from '@/lib/classes'
import styles from './office.module.css'

const columns = ['identity_code', 'birth_date', 'municipality', 'area', 'protected', 'previous_identity_code'] as const

/** A roll's file: sent, checked, and then taken, all of it or nothing. What the server does goes on without this page. */
export function RollImportPanel({ round }: { round: Round }) {
  const { t } = useTranslation('office')
  const { number } = useFormat()
  const cache = useQueryClient()
  const [name, setName] = useState<string>()
  const [share, setShare] = useState(0)
  const [tooLarge, setTooLarge] = useState(false)
  const wanted = useRef<AbortController>(undefined)
  const refresh = () => cache.invalidateQueries({ queryKey: keys.roll(round.id) })
  const now = useQuery(rollImportQuery(round.id)).data
  const sending = useMutation({
    mutationFn: (file: File) => {
      wanted.current = new AbortController()
      setShare(0)
      return sendRoll(round.id, file, wanted.current.signal, setShare)
    },
    onSettled: refresh,
  })
  const taken = now?.state === 'taken' ? now.id : undefined
  useEffect(() => {
    if (taken) void cache.invalidateQueries({ queryKey: keys.roll(round.id), exact: true })
  }, [taken, cache, round.id])
  const busy = sending.isPending || isWorkedOn(now?.state)
  return (
    <section className="stack">
      <h2>{t('roll.import.heading')}</h2>
      {isVoteOver(round) ? (
        <p>{t('roll.import.over')}</p>
      ) : (
        <>
          <p>{t('roll.import.text')}</p>
          <details>
            <summary>{t('roll.import.columns')}</summary>
            <dl className={styles.columnList}>
              {columns.map((column) => (
                <div key={column}>
                  <dt>
                    <code>{column}</code>
                  </dt>
                  <dd>{t(`roll.column.${column}`)}</dd>
                </div>
              ))}
            </dl>
          </details>
          {!busy && (
            <FileField
              id="roll-file"
              label={t('roll.import.file')}
              helper={t('roll.import.file_help', { most: number(mostBytes / 1024 / 1024) })}
              error={tooLarge ? t('roll.import.too_large') : undefined}
              accept=".csv,.txt,text/csv"
              chosen={name}
              onChoose={(file) => {
                setName(file.name)
                setTooLarge(file.size > mostBytes)
                if (file.size <= mostBytes) sending.mutate(file)
              }}
            />
          )}
          {sending.error && <Trouble cause={sending.error} />}
          {sending.isPending ? (
            <Progress
              what={t('roll.import.sending')}
              share={share}
              onStop={() => {
                wanted.current?.abort()
              }}
            />
          ) : (
            now && <Stand key={now.id} round={round} now={now} onDone={refresh} />
          )}
        </>
      )}
      <details>
        <summary>{t('roll.import.by_command')}</summary>
        <p>{t('roll.import.command_text')}</p>
        <Scroll label={t('roll.import.command')} className={styles.command}>
          <pre>
            <code>{`osbu roll import --check --round ${round.id} roll.csv\nosbu roll import --round ${round.id} roll.csv`}</code>
          </pre>
        </Scroll>
      </details>
    </section>
  )
}

function Progress({ what, share, onStop }: { what: string; share?: number; onStop: () => void }) {
  const { t } = useTranslation('office')
  const { percent } = useFormat()
  return (
    <div className={styles.progress}>
      <p role="status">{what}</p>
      <div className={styles.bar}>
        <progress max={1} value={share} aria-label={what} />
        {share !== undefined && <span aria-hidden="true">{percent(share)}</span>}
      </div>
      <Button small variant="secondary" onClick={onStop}>
        {t('roll.import.stop')}
      </Button>
    </div>
  )
}

/** How far the last file has come, and what may be done with it. */
function Stand({ round, now, onDone }: { round: Round; now: RollImport; onDone: () => Promise<void> }) {
  const { t } = useTranslation('office')
  const { number, dateTime } = useFormat()
  const drop = useMutation({ mutationFn: () => dropRoll(round.id, now.id), onSettled: onDone })
  const stop = () => {
    drop.mutate()
  }
  const told = t('roll.import.by', { name: now.name, at: dateTime(now.at) })
  switch (now.state) {
    case 'checking':
    case 'taking': {
      const share = now.read / now.size
      return (
        <>
          <Progress
            what={t(share < 1 ? `roll.import.${now.state}` : 'roll.import.comparing')}
            share={share < 1 ? share : undefined}
            onStop={stop}
          />
          <p>{t('roll.import.goes_on')}</p>
        </>
      )
    }
    case 'checked':
      return <Found round={round} now={now} told={told} stopping={drop.isPending} onStop={stop} onDone={onDone} />
    case 'taken':
      return (
        <>
          <Notification kind="success" label={t('roll.import.taken')} live>
            <p>{told}</p>
          </Notification>
          <Numbers now={now} />
        </>
      )
    case 'with_faults':
      return (
        <>
          <Notification
            kind="error"
            label={t('roll.import.faults', { count: now.total_faults, number: number(now.total_faults) })}
            live
          >
            <p>{t('roll.import.unchanged')}</p>
            <p>{told}</p>
          </Notification>
          <Faults now={now} />
        </>
      )
    default:
      return (
        <Notification
          kind={now.state === 'receiving' ? 'info' : 'error'}
          label={t(`roll.import.state.${now.state}`)}
          live
        >
          {now.state === 'refused' && <p>{t(`roll.import.refused.${now.refusal ?? 'other'}`)}</p>}
          {now.state !== 'receiving' && <p>{t('roll.import.unchanged')}</p>}
          <p>{told}</p>
        </Notification>
      )
  }
}

function Found({
  round,
  now,
  told,
  stopping,
  onStop,
  onDone,
}: {
  round: Round
  now: RollImport
  told: string
  stopping: boolean
  onStop: () => void
  onDone: () => Promise<void>
}) {
  const { t } = useTranslation('office')
  const { number } = useFormat()
  const [sure, setSure] = useState(false)
  const [asked, setAsked] = useState(false)
  const { removed = 0, may_remove = 0, after = 0, added = 0, changed = 0, recoded = 0 } = now.change ?? {}
  const many = removed > may_remove
  const take = useMutation({
    mutationFn: () => takeRoll(round.id, now.id, many ? removed : undefined),
    onSettled: onDone,
  })
  const nothing = added + removed + changed + recoded === 0
  return (
    <>
      <Notification kind={many ? 'alert' : 'info'} label={t('roll.import.checked')} live>
        {many && <p>{t('roll.import.many', { count: removed, number: number(removed) })}</p>}
        {nothing && <p>{t('roll.import.nothing')}</p>}
        {now.change?.encoding && now.change.encoding !== 'UTF-8' && (
          <p>{t('roll.import.encoding', { encoding: now.change.encoding })}</p>
        )}
        <p>{told}</p>
      </Notification>
      <Numbers now={now} />
      {many && (
        <>
          <Checkbox
            label={t('roll.import.sure', { count: removed, number: number(removed) })}
            checked={sure}
            aria-describedby={asked && !sure ? 'roll-sure-error' : undefined}
            onChange={(event) => {
              setSure(event.target.checked)
            }}
          />
          {asked && !sure && (
            <p id="roll-sure-error" className={styles.wrong} role="alert">
              {t('roll.import.sure_first')}
            </p>
          )}
        </>
      )}
      {take.error && <Trouble cause={take.error} />}
      <div className="actions">
        <Button
          busy={take.isPending}
          onClick={() => {
            setAsked(true)
            if (!many || sure) take.mutate()
          }}
        >
          {t('roll.import.take', { count: after, number: number(after) })}
        </Button>
        <Button variant="secondary" busy={stopping} onClick={onStop}>
          {t('roll.import.drop')}
        </Button>
      </div>
    </>
  )
}

const sums = ['before', 'added', 'removed', 'changed', 'recoded', 'after'] as const

function Numbers({ now: { change, state } }: { now: RollImport }) {
  const { t } = useTranslation('office')
  const { number } = useFormat()
  if (!change) return null
  const caption = t(state === 'taken' ? 'roll.import.did' : 'roll.import.would')
  return (
    <Scroll label={caption} className={styles.change}>
      <table>
        <caption>{caption}</caption>
        <tbody>
          {sums.map((key) => (
            <tr key={key}>
              <th scope="row">{t(`roll.import.sum.${key}`)}</th>
              <td className={styles.sum}>{number(change[key])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

function Faults({ now: { faults, total_faults } }: { now: RollImport }) {
  const { t } = useTranslation('office')
  const { number } = useFormat()
  return (
    <>
      {faults.length < total_faults && (
        <p>{t('roll.import.first', { count: faults.length, number: number(faults.length) })}</p>
      )}
      <Scroll label={t('roll.import.fault_list')} className={classes(faults.length > 20 && styles.faults)}>
        <table>
          <caption>{t('roll.import.fault_list')}</caption>
          <thead>
            <tr>
              <th scope="col" className={styles.sum}>
                {t('roll.import.row')}
              </th>
              <th scope="col">{t('roll.import.in_column')}</th>
              <th scope="col">{t('roll.import.reason')}</th>
            </tr>
          </thead>
          <tbody>
            {faults.map(({ line, column, code, other }, index) => (
              <tr key={index}>
                <th scope="row" className={styles.sum}>
                  {number(line)}
                </th>
                <td>{column && <code translate="no">{column}</code>}</td>
                <td>{t(`roll.fault.${code}`, { line: number(other ?? 0) })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  )
}
