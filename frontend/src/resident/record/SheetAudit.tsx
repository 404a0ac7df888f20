import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { Button, Notification, TextInput } from '@/ui/hds'
import { useFormat } from '@/lib/format'
import { readWhole } from '@/lib/number'
import { useTranslation } from '@/lib/i18n'
import type { Round } from '@/data/round'
import { hrefOf, programsQuery, type Program } from './programs'
import { agrees, recorded, type Drawn, type DrawnSheet } from './sheets'
import { draw, NotChecked } from './verifier'
import styles from './record.module.css'

type State = { is: 'idle' | 'running' } | { is: 'over'; answer: Drawn | 'broken' | 'refused' }

/** Most sheets that people fetch and look at. */
const most = 1000

/** Draws sheets of paper by a seed, as anybody can repeat, and compares what people see on them with what the record says. */
export function SheetAudit({ round }: { round: Round }) {
  const { data: programs } = useQuery(programsQuery)
  const program = programs?.find(({ os }) => os === 'js')
  return program ? <Audit round={round} program={program} /> : null
}

function Audit({ round, program }: { round: Round; program: Program }) {
  const { t } = useTranslation('record')
  const [seed, setSeed] = useState('')
  const [typed, setTyped] = useState('50')
  const [state, setState] = useState<State>({ is: 'idle' })
  const stop = useRef<() => void>(undefined)
  useEffect(() => () => stop.current?.(), [])
  const size = readWhole(typed, most) || undefined
  const change = () => {
    stop.current?.()
    setState({ is: 'idle' })
  }
  return (
    <section className="stack">
      <h2>{t('audit.heading')}</h2>
      <div className="prose">
        <p>{t('audit.text')}</p>
        <p>{t('audit.seed_text')}</p>
      </div>
      <div className={`stack ${styles.audit ?? ''}`}>
        <TextInput
          label={t('audit.seed')}
          helper={t('audit.seed_help')}
          required
          autoComplete="off"
          translate="no"
          maxLength={200}
          value={seed}
          onChange={({ target: { value } }) => {
            setSeed(value)
            change()
          }}
        />
        <TextInput
          label={t('audit.size')}
          error={size === undefined ? t('audit.size_wrong', { most }) : undefined}
          required
          inputMode="numeric"
          autoComplete="off"
          value={typed}
          onChange={({ target: { value } }) => {
            setTyped(value)
            change()
          }}
        />
        <div className="actions">
          <Button
            busy={state.is === 'running'}
            disabled={seed.trim() === '' || size === undefined}
            onClick={() => {
              setState({ is: 'running' })
              stop.current = draw(
                {
                  program: { url: hrefOf(program.file), size: program.size },
                  start: hrefOf('wasm_exec.js'),
                  record: `/api/v1/rounds/${encodeURIComponent(round.id)}/record`,
                  name: `/${round.id}.zip`,
                  sample: { seed, size: size ?? 0 },
                },
                (answer) => {
                  setState({
                    is: 'over',
                    answer: answer instanceof NotChecked ? 'broken' : answer.confirmed ? answer : 'refused',
                  })
                },
              )
            }}
          >
            {t('audit.draw')}
          </Button>
        </div>
      </div>
      {state.is === 'running' && <p role="status">{t('audit.drawing')}</p>}
      {state.is === 'over' &&
        (typeof state.answer === 'string' ? (
          <Notification kind="error" label={t(`audit.${state.answer}`)} live />
        ) : state.answer.sample.length === 0 ? (
          <Notification label={t('audit.none')} live />
        ) : (
          <Sample key={state.answer.seed} round={round} drawn={state.answer} />
        ))}
    </section>
  )
}

/** The record's word on a sheet stays hidden until it is compared: whoever looks at the sheet is not to know it. */
function Sample({ round, drawn }: { round: Round; drawn: Drawn }) {
  const { t } = useTranslation('record')
  const { number, percent } = useFormat()
  const { sample, seed, ballots } = drawn
  const [seen, setSeen] = useState<Record<string, string>>({})
  const [compared, setCompared] = useState(false)
  const nameOf = ({ batch, serial }: DrawnSheet) => `${batch} ${serial.slice(0, 4)}-${serial.slice(4)}`
  const isRanking = (area: string) =>
    round.settings.papers.some(({ areas, form }) => areas.includes(area) && form.kind === 'ranking')
  const answers = sample.map((sheet) => ({
    sheet,
    same: agrees(sheet, seen[nameOf(sheet)] ?? '', isRanking(sheet.area)),
  }))
  const looked = answers.filter(({ same }) => same !== undefined)
  const wrong = looked.filter(({ same }) => !same)
  return (
    <div className="stack">
      <Notification kind="success" label={t('audit.drawn', { count: sample.length, n: number(sample.length) })} live>
        <p>{t('audit.of', { ballots: number(ballots) })}</p>
      </Notification>
      <p>{t('audit.again')}</p>
      <p>
        <code className={styles.command} translate="no">
          {`osbu-verify sample ${round.id}.zip --paper --seed='${seed.replaceAll("'", "'\\''")}' --size ${String(sample.length)}`}
        </code>
      </p>
      <p>{t('audit.fetch')}</p>
      <ul className={`plain ${styles.sheets ?? ''}`}>
        {answers.map(({ sheet, same }) => {
          const name = nameOf(sheet)
          return (
            <li key={name}>
              <TextInput
                label={name}
                required
                autoComplete="off"
                value={seen[name] ?? ''}
                disabled={sheet.withheld}
                error={compared && same === false ? t('audit.differs', { recorded: recorded(sheet) }) : undefined}
                helper={sheet.withheld ? t('audit.withheld') : undefined}
                onChange={({ target: { value } }) => {
                  setSeen((all) => ({ ...all, [name]: value }))
                  setCompared(false)
                }}
              />
            </li>
          )
        })}
      </ul>
      <div className="actions">
        <Button
          variant="secondary"
          disabled={looked.length === 0}
          onClick={() => {
            setCompared(true)
          }}
        >
          {t('audit.compare')}
        </Button>
      </div>
      {compared && (
        <Notification
          kind={wrong.length === 0 ? 'success' : 'alert'}
          label={
            wrong.length === 0
              ? t('audit.same', { count: looked.length, n: number(looked.length) })
              : t('audit.wrong', { count: wrong.length, n: number(wrong.length), of: number(looked.length) })
          }
          live
        >
          <p>
            {t('audit.rate', {
              rate: percent(wrong.length / looked.length),
              left: number(sample.length - looked.length),
            })}
          </p>
          <p>{t('audit.not')}</p>
        </Notification>
      )}
    </div>
  )
}
