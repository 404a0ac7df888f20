import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { Button, FileField, Notification } from '@/ui/hds'
import { useFormat } from '@/lib/format'
import { useTranslation } from '@/lib/i18n'
import { Ask } from '@/ui/Ask'
import { useFocusAfter } from '@/ui/useFocusAfter'
import type { Round } from '@/data/round'
import { manifestQuery } from '@/receipt/manifest'
import { hrefOf, programsQuery, type Program } from './programs'
import { Verdict } from './Verdict'
import { NotChecked, stages, verify, type Answer, type Stage } from './verifier'
import styles from './record.module.css'

type State =
  | { is: 'idle' | 'stopped' }
  | { is: 'running'; stage: Stage; share: number }
  | { is: 'over'; answer: Answer | NotChecked }

/** Checks the record here, if this build has the program for it. */
export function CheckHere({ round }: { round: Round }) {
  const { t } = useTranslation('record')
  const query = useQuery(programsQuery)
  return (
    <section className="stack">
      <h2>{t('here.heading')}</h2>
      <Ask query={query}>
        {(programs) => {
          const program = programs.find(({ os }) => os === 'js')
          return program ? <Checking round={round} program={program} /> : <p>{t('here.without')}</p>
        }}
      </Ask>
    </section>
  )
}

function Checking({ round, program }: { round: Round; program: Program }) {
  const { t } = useTranslation('record')
  const { number } = useFormat()
  const { data: manifest } = useQuery(manifestQuery(round.id))
  const [state, setState] = useState<State>({ is: 'idle' })
  const [chosen, setChosen] = useState<string>()
  const stop = useRef<() => void>(undefined)
  const heading = useFocusAfter<HTMLHeadingElement>(state.is === 'over' || state.is === 'stopped')
  useEffect(() => () => stop.current?.(), [])

  const start = (record: string | File) => {
    stop.current?.()
    setChosen(typeof record === 'string' ? undefined : record.name)
    setState({ is: 'running', stage: 'record', share: 0 })
    stop.current = verify(
      {
        program: { url: hrefOf(program.file), size: program.size },
        start: hrefOf('wasm_exec.js'),
        record,
        name: `/${round.id}.zip`,
        key: manifest?.logKey,
      },
      (stage, share) => {
        setState({ is: 'running', stage, share })
      },
      (answer) => {
        setState({ is: 'over', answer })
      },
    )
  }
  const running = state.is === 'running'
  return (
    <>
      <p>{t('here.text', { megabytes: number(Math.ceil(program.packed / 1e5) / 10) })}</p>
      <div className="actions">
        <Button
          busy={running}
          start="check"
          onClick={() => {
            start(`/api/v1/rounds/${encodeURIComponent(round.id)}/record`)
          }}
        >
          {t('here.button')}
        </Button>
      </div>
      <details>
        <summary>{t('here.file')}</summary>
        <div className={styles.file}>
          <FileField
            label={t('here.label')}
            helper={t('here.helper')}
            accept=".zip,application/zip"
            chosen={chosen}
            onChoose={start}
          />
        </div>
      </details>
      {running && (
        <Progress
          stage={state.stage}
          share={state.share}
          onStop={() => {
            stop.current?.()
            setState({ is: 'stopped' })
          }}
        />
      )}
      {(state.is === 'over' || state.is === 'stopped') && (
        <section className="stack">
          <h3 ref={heading} tabIndex={-1}>
            {t('result')}
          </h3>
          {state.is === 'stopped' && <Notification label={t('stopped')} />}
          {state.is === 'over' &&
            (state.answer instanceof NotChecked ? (
              <Notification kind="error" label={t('broken.heading')} live>
                <p>{t(`broken.${state.answer.missing}`)}</p>
              </Notification>
            ) : (
              <Verdict answer={state.answer} round={round} program={program} />
            ))}
        </section>
      )}
    </>
  )
}

function Progress({ stage, share, onStop }: { stage: Stage; share: number; onStop: () => void }) {
  const { t } = useTranslation('record')
  const { percent } = useFormat()
  const step = stages.indexOf(stage) + 1
  return (
    <div className={styles.progress}>
      <p role="status">
        {t('progress.step', { step: String(step), steps: String(stages.length), what: t(`progress.${stage}`) })}
      </p>
      <progress max={1} value={share} aria-label={t(`progress.${stage}`)}>
        {percent(share)}
      </progress>
      <Button small variant="secondary" onClick={onStop}>
        {t('progress.stop')}
      </Button>
    </div>
  )
}
