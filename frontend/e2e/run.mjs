// Runs the browser walks against a running server (OSBU_URL): all of e2e/*.walk.mjs, or those named on the command line. OSBU_SHOTS=DIR keeps pictures.
// OSBU_STATE is what scripts/up was given as --state, unless that is .local: some rounds get a roll.
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

/**
 * Three walks go beside each other, as they wait more than they compute, and share nothing that any of them changes: the proposals of the demo's first
 * round, and the desk's queues with them; the open vote; and rounds that a walk makes for itself.
 */
const ofTheVote = /^(vote|resident-pages)/
const ofTheirOwn = /^(official|delivery|keying|sealed|still|translation|typed|vote-papers)/
const laneOf = (name) => (ofTheirOwn.test(name) ? 'own' : ofTheVote.test(name) ? 'vote' : 'proposals')

let failed = 0
async function take(name) {
  const begun = Date.now()
  let walk
  try {
    const { default: go } = await import(`./${name}.walk.mjs`)
    walk = await startWalk(name)
    await go(walk)
    await walk.end()
    console.log(`ok    ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`)
  } catch (error) {
    failed++
    const pages = await walk?.describe()
    await walk?.end().catch((more) => console.error(String(more)))
    console.error(`FAIL  ${name}\n${error.stack ?? error}\n${pages ?? ''}`)
  }
}

const names = wanted.length > 0 ? wanted : all
const lanes = Object.values(Object.groupBy(names, laneOf))
await Promise.all(
  lanes.map(async (lane) => {
    for (const name of lane) await take(name)
  }),
)
process.exit(failed > 0 ? 1 : 0)
