import { gzipSync } from 'node:zlib'
import type { Plugin, Rollup } from 'vite'

/** What one page may cost a phone: its entry and the pages and words it opens with. */
export interface Allowance {
  /** Entry HTML file, e.g. "index.html". */
  entry: string
  /** Modules loaded lazily but always on the first page, by the end of their path. */
  firstPage: string[]
  /** Largest allowed sum of gzipped JavaScript, in bytes. */
  bytes: number
}

type Chunks = Record<string, Pick<Rollup.OutputChunk, 'code' | 'imports' | 'facadeModuleId'>>

/** Sums the gzipped JavaScript of the entry, its static imports, and the first page's lazy chunks. */
export function weigh(chunks: Chunks, { entry, firstPage }: Omit<Allowance, 'bytes'>): number {
  const seen = new Set<string>()
  let bytes = 0
  const visit = (file: string) => {
    const chunk = chunks[file]
    if (!chunk || seen.has(file)) return
    seen.add(file)
    bytes += gzipSync(chunk.code).length
    chunk.imports.forEach(visit)
  }
  for (const wanted of [entry, ...firstPage]) {
    const file = Object.keys(chunks).find((name) => chunks[name]?.facadeModuleId?.endsWith(wanted))
    if (!file) throw new Error(`size: no chunk for ${wanted}`)
    visit(file)
  }
  return bytes
}

/** Fails the build when a page outgrows its allowance. */
export function size(allowance: Allowance): Plugin {
  return {
    name: 'osbu:size',
    apply: 'build',
    // As it was written: only then the entry has the list of the files that may come later.
    writeBundle(_, bundle) {
      const chunks: Chunks = {}
      for (const [name, file] of Object.entries(bundle)) if (file.type === 'chunk') chunks[name] = file
      const bytes = weigh(chunks, allowance)
      const text = `${allowance.entry}: ${(bytes / 1000).toFixed(1)} kB of gzipped JavaScript on the first page, ${allowance.bytes / 1000} kB allowed`
      if (bytes > allowance.bytes) this.error(text)
      else this.info(text)
    },
  }
}
