// Runs the browser walks against a running server (OSBU_URL): all of e2e/*.walk.mjs, or those named on the command line.
import { readdir } from 'node:fs/promises'
import { base, startWalk } from './lib/walk.mjs'

const wanted = process.argv.slice(2)
const all = (await readdir(new URL('.', import.meta.url)))
  .filter((file) => file.endsWith('.walk.mjs'))
  .map((file) => file.replace('.walk.mjs', ''))
  .sort()
const unknown = wanted.filter((name) => !all.includes(name))
if (unknown.length > 0) {
  console.error(`no such walk: ${unknown.join(', ')}; there are ${all.join(', ')}`)
  process.exit(2)
}

const up = await fetch(`${base}/readiness`).then(
  (answer) => answer.ok,
  () => false,
)
if (!up) {
  console.error(`no server is ready at ${base}: start ./scripts/up, or set OSBU_URL`)
  process.exit(2)
}

let failed = 0
for (const name of wanted.length > 0 ? wanted : all) {
  const { default: take } = await import(`./${name}.walk.mjs`)
  const begun = Date.now()
  const walk = await startWalk(name)
  try {
    await take(walk)
    await walk.end()
    console.log(`ok    ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`)
  } catch (error) {
    failed++
    await walk.end().catch((more) => console.error(String(more)))
    console.error(`FAIL  ${name}\n${error.stack ?? error}`)
  }
}
process.exit(failed > 0 ? 1 : 0)
