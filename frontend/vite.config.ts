import { readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import { firstPage } from './first.ts'
import { size } from './size.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const server = process.env.OSBU_URL ?? 'http://127.0.0.1:8080'

/** The Go server answers /desk, /office, /polling and /help-desk with staff.html; so does the development server. */
function staffPages(): Plugin {
  return {
    name: 'osbu:staff-pages',
    configureServer(dev) {
      dev.middlewares.use((req, _, next) => {
        if (/^\/(desk|office|polling|help-desk)(\/|\?|$)/.test(req.url ?? '')) req.url = '/staff.html'
        next()
      })
    },
  }
}

/** The Go server writes whose pages these are into them; so does the development server. */
function ownCity(): Plugin {
  return {
    name: 'osbu:own-city',
    apply: 'serve',
    async transformIndexHtml() {
      const city = await (await fetch(`${server}/api/v1/city`)).text()
      return [{ tag: 'script', attrs: { id: 'city', type: 'application/json' }, children: city, injectTo: 'head' }]
    },
  }
}

/** What the server cannot take the time for: every text is compressed as small as it gets, beside itself. */
function precompress(): Plugin {
  return {
    name: 'osbu:precompress',
    apply: 'build',
    async closeBundle() {
      const dist = here('./dist/')
      const files = await readdir(dist, { recursive: true })
      const smaller = promisify(brotliCompress)
      await Promise.all(
        files
          .filter((name) => /\.(js|css|svg|json)$/.test(name))
          .map(async (name) => {
            const plain = await readFile(join(dist, name))
            const params = {
              [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
              [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
            }
            if (plain.length > 1000) await writeFile(join(dist, `${name}.br`), await smaller(plain, { params }))
          }),
      )
    },
  }
}

/** dist/.keep is tracked, so that the Go server builds before the pages do. */
function keep(): Plugin {
  return {
    name: 'osbu:keep',
    apply: 'build',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: '.keep', source: '' })
    },
  }
}

/** A module's class on the built pages: `home-act`, which is shorter when packed than any hash. No two may be the same. */
const filesOf = new Map<string, string>()
function className(local: string, file: string): string {
  const name = `${basename(file, '.module.css')}-${local}`
  const other = filesOf.get(name) ?? file
  if (other !== file)
    throw new Error(`.${local} of ${file} would be the same class as that of ${other}: rename one file`)
  filesOf.set(name, file)
  return name
}

export default defineConfig(({ command }) => ({
  plugins: [
    react(),
    staffPages(),
    ownCity(),
    precompress(),
    keep(),
    size({
      entry: 'index.html',
      // What stands below, of which nothing is in sight at first, follows when this is shown.
      firstPage: [
        'src/resident/home/Home.tsx',
        'src/resident/home/home.fi.json',
        'src/app/shell/shell.fi.json',
        'src/app/shell/Progress.tsx',
        'src/app/shell/Footer.tsx',
        'src/app/shell/footer.fi.json',
      ],
      bytes: 100_000,
    }),
  ],
  css: command === 'build' ? { modules: { generateScopedName: className } } : undefined,
  resolve: {
    alias: {
      '@': here('./src'),
    },
  },
  server: {
    fs: { allow: ['..'] }, // the unit tests read the contract
    proxy: { '/api': server, '/box': server, '/programs': server },
  },
  // The server lets what lies there compile WebAssembly, and nothing else (handlers/programs.go).
  worker: { format: 'es', rollupOptions: { output: { entryFileNames: 'assets/worker/[hash].js' } } },
  build: {
    target: 'es2022',
    // The content security policy has no data: for scripts, styles or fonts; small files stay files.
    assetsInlineLimit: 0,
    license: { fileName: 'licenses.md' },
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { index: here('./index.html'), staff: here('./staff.html') },
      // The first page lists every file that may come later: hashes alone are shorter.
      output: {
        chunkFileNames: 'assets/[hash:7].js',
        assetFileNames: 'assets/[hash:7][extname]',
        codeSplitting: { includeDependenciesRecursively: false, groups: firstPage },
      },
    },
  },
  test: {
    environment: 'node', // whatever needs a page says so in its first line: // @vitest-environment jsdom
    setupFiles: ['src/lib/city.setup.ts'],
    include: ['src/**/*.test.{ts,tsx}', '*.test.ts'],
    restoreMocks: true,
    testTimeout: 60_000, // only against tests that hang: how long one takes is the machine's
    hookTimeout: 120_000,
  },
}))
