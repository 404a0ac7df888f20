import type { DrawAnswer } from './sheets'

/** What is to be checked, and with what. */
export interface Wanted {
  /** osbu-verify for the browser; size is of its bytes unpacked. */
  program: { url: string; size: number }
  /** wasm_exec.js of the same Go toolchain. */
  start: string
  /** The record's address, or a file that was chosen. */
  record: string | Blob
  /** What the program is to call it. */
  name: string
  /** The log key that it has to have, where one is known. */
  key?: string
  /** Sheets of paper are to be drawn from it. */
  sample?: { seed: string; size: number }
}

export const stages = ['record', 'program', 'log', 'ballots', 'areas'] as const
export type Stage = (typeof stages)[number]

/** What a worker tells. */
export type Told =
  | { kind: 'stage'; stage: Stage; share: number }
  | { kind: 'end'; code: number; output: string }
  | { kind: 'broken'; missing: 'program' | 'record'; cause: string }

/** What osbu-verify answers with --json (cmd/osbu-verify/record.go). */
export interface Confirmed {
  confirmed: true
  round: string
  rehearsal: boolean
  log_key: string
  key_compared: boolean
  check_code: string
  leaves: number
  checkpoints: number
  cosigned: Record<string, number>
  areas: { area: string; ballots: number; blank: number; selected: string[] | null; cost: string; budget: string }[]
  unchecked: string[] | null
  unrecounted: string[] | null
}

/** Where the first fault is; file is empty if it is in the zip itself. */
export interface Refused {
  confirmed: false
  file?: string
  line?: number
  byte?: number
  fault: string
}

export type Answer = Confirmed | Refused

/** The check could not be made: the record or the program did not come, or the program broke off. */
export class NotChecked extends Error {
  readonly missing: 'program' | 'record'
  constructor(missing: 'program' | 'record', cause: string) {
    super(cause)
    this.missing = missing
  }
}

/** Draws sheets of paper from a record, which is checked first; end is told what came out. The function that is returned stops it. */
export const draw = (wanted: Wanted, end: (answer: DrawAnswer | NotChecked) => void): (() => void) =>
  verify(
    wanted,
    () => undefined,
    (answer) => {
      end(answer as DrawAnswer | NotChecked)
    },
  )

/** Starts a check; hear is told how far it is, and end of what came out. The function that is returned stops it. */
export function verify(
  wanted: Wanted,
  hear: (stage: Stage, share: number) => void,
  end: (answer: Answer | NotChecked) => void,
): () => void {
  const worker = new Worker(new URL('./verify.worker.ts', import.meta.url), { type: 'module' })
  const over = (answer: Answer | NotChecked) => {
    worker.terminate()
    end(answer)
  }
  worker.addEventListener('message', ({ data }: MessageEvent<Told>) => {
    if (data.kind === 'stage') hear(data.stage, data.share)
    else over(data.kind === 'end' ? answerOf(data.output) : new NotChecked(data.missing, data.cause))
  })
  worker.addEventListener('error', ({ message }) => {
    over(new NotChecked('program', message))
  })
  worker.postMessage(wanted)
  return () => {
    worker.terminate()
  }
}

/** Only what can be read in full is an answer. */
export function answerOf(output: string): Answer | NotChecked {
  try {
    const answer = JSON.parse(output) as Answer
    if (answer.confirmed || typeof answer.fault === 'string') return answer
  } catch {
    // told below
  }
  return new NotChecked('program', output.slice(0, 200))
}
