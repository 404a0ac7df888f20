// The commands are Go's programs. One of them, built for the browser, runs here as it runs on a desk: with arguments, with a file to read, with
// what it says and the code that it ends with. Nothing is checked by other means.

/** What wasm_exec.js of the Go toolchain brings: it starts the program, and gives it what an operating system would. */
interface Go {
  argv: string[]
  exit: (code: number) => void
  importObject: WebAssembly.Imports
  run: (program: WebAssembly.Instance) => Promise<void>
}

type Callback = (error: (Error & { code: string }) | null, result?: unknown) => void

/** Standard output, standard error, and the one file. */
const [output, problems, opened] = [1, 2, 3]

export interface Run {
  args: string[]
  /** The one file that there is, by the name that args call it. */
  file: { name: string; bytes: Uint8Array }
  /** Hears each line of the standard error. */
  onLine: (line: string) => void
}

export interface Ended {
  code: number
  output: string
}

/** Gives the program a file system of one file, for reading only, before wasm_exec.js gives it one without any. */
function provide({ file, onLine }: Run, write: (text: string) => void): void {
  const { name, bytes } = file
  const decoders = { [output]: new TextDecoder(), [problems]: new TextDecoder() }
  let line = ''
  let read = 0
  const refuse =
    (code: string) =>
    (...args: unknown[]) => {
      ;(args.at(-1) as Callback)(Object.assign(new Error(code), { code }))
    }
  const say = (to: number, text: Uint8Array) => {
    const words = decoders[to]?.decode(text, { stream: true }) ?? ''
    if (to === output) write(words)
    else {
      const lines = (line + words).split('\n')
      line = lines.pop() ?? ''
      lines.forEach(onLine)
    }
    return text.length
  }
  const files = {
    constants: { O_WRONLY: -1, O_RDWR: -1, O_CREAT: -1, O_TRUNC: -1, O_APPEND: -1, O_EXCL: -1, O_DIRECTORY: -1 },
    writeSync: say,
    write: (to: number, text: Uint8Array, from: number, length: number, _: number | null, done: Callback) => {
      done(null, say(to, text.subarray(from, from + length)))
    },
    open: (path: string, _: number, __: number, done: Callback) => {
      if (path === name) done(null, opened)
      else refuse('ENOENT')(done)
    },
    fstat: (_: number, done: Callback) => {
      const times = { atimeMs: 0, mtimeMs: 0, ctimeMs: 0 }
      const ids = { dev: 0, ino: 0, nlink: 1, uid: 0, gid: 0, rdev: 0 }
      const size = { size: bytes.length, blksize: 4096, blocks: Math.ceil(bytes.length / 512) }
      done(null, { ...ids, ...size, ...times, mode: 0o100444, isDirectory: () => false })
    },
    read: (_: number, into: Uint8Array, at: number, length: number, position: number | null, done: Callback) => {
      const from = position ?? read
      const part = bytes.subarray(from, from + length)
      into.set(part, at)
      if (position === null) read += part.length
      done(null, part.length)
    },
    close: (_: number, done: Callback) => {
      done(null)
    },
  }
  const nothingElse = new Proxy(files, {
    get: (target, what) => (Reflect.get(target, what) as unknown) ?? refuse('ENOSYS'),
  })
  Object.assign(globalThis, { fs: nothingElse })
}

/** Runs a program to its end. Load loads wasm_exec.js, after its file system stands. */
export async function runProgram(
  run: Run,
  load: () => Promise<unknown>,
  start: (imports: WebAssembly.Imports) => Promise<WebAssembly.Instance>,
): Promise<Ended> {
  const ended: Ended = { code: -1, output: '' }
  provide(run, (text) => {
    ended.output += text
  })
  await load()
  const go = new (globalThis as unknown as { Go: new () => Go }).Go()
  go.argv = run.args
  go.exit = (code) => {
    ended.code = code
  }
  await go.run(await start(go.importObject))
  return ended
}
