// Runs osbu-verify away from the page, which stays usable, and can end it at any moment. The server lets a worker compile WebAssembly, and no page.
import { runProgram } from './program'
import type { Told, Wanted } from './verifier'

const tell = (told: Told) => {
  postMessage(told)
}

/** Fetches, and tells how much of it has come. Size is of what comes unpacked, where the answer cannot tell. */
async function fetched(what: 'program' | 'record', url: string, size?: number): Promise<Response> {
  const answer = await fetch(url)
  if (!answer.ok || !answer.body) throw new Error(`${what}: ${String(answer.status)}`)
  const all = size ?? Number(answer.headers.get('Content-Length'))
  let come = 0
  const count = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(part, to) {
      come += part.length
      if (all > 0) tell({ kind: 'stage', stage: what, share: come / all })
      to.enqueue(part)
    },
  })
  const type = answer.headers.get('Content-Type') ?? ''
  return new Response(answer.body.pipeThrough(count), { headers: { 'Content-Type': type } })
}

/** What is asked of the program. */
const argsOf = ({ name, key, sample }: Wanted) => [
  'osbu-verify',
  ...(sample
    ? ['sample', name, '--paper', `--seed=${sample.seed}`, `--size=${String(sample.size)}`, '--json']
    : ['record', name, '--json', '--progress']),
  ...(key ? ['--key', key] : []),
]

async function check(wanted: Wanted): Promise<void> {
  const { program, start, record, name } = wanted
  let missing: 'program' | 'record' = 'record'
  try {
    tell({ kind: 'stage', stage: 'record', share: 0 })
    const whole = typeof record === 'string' ? await fetched('record', record) : record
    const bytes = new Uint8Array(await whole.arrayBuffer())
    missing = 'program'
    tell({ kind: 'stage', stage: 'program', share: 0 })
    const { code, output } = await runProgram(
      {
        args: argsOf(wanted),
        file: { name, bytes },
        onLine: (line) => {
          const [, stage, percent] = /^checking (log|ballots|areas): (\d+) %$/.exec(line) ?? []
          if (stage) tell({ kind: 'stage', stage: stage as 'log' | 'ballots' | 'areas', share: Number(percent) / 100 })
        },
      },
      () => import(/* @vite-ignore */ start),
      async (imports) => {
        const loaded = await WebAssembly.instantiateStreaming(fetched('program', program.url, program.size), imports)
        tell({ kind: 'stage', stage: 'log', share: 0 })
        return loaded.instance
      },
    )
    tell({ kind: 'end', code, output })
  } catch (cause) {
    tell({ kind: 'broken', missing, cause: String(cause) })
  }
}

addEventListener('message', ({ data }: MessageEvent<Wanted>) => void check(data))
