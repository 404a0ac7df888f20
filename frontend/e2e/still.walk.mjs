// Nothing in sight moves, in whatever order answers, pictures and fonts come: each kind is held until the page is drawn without it, and then comes. So
// what a slow line could do is done, each time the same, and no clock is asked. Core Web Vitals call a sum of shifts up to 0.1 good.
import assert from 'node:assert/strict'
import { expect, settled } from './lib/expect.mjs'
import { openForOne, text } from './lib/papers.mjs'
import { proposingRound, votingRound } from './lib/rounds.mjs'
import { identifyByCode, thanks } from './lib/vote.mjs'

const most = 0.02

/** In which order what is held comes; what is not named comes at once. */
const orders = { 'fonts last': ['fetch', 'image', 'font'], 'answers last': ['fetch'] }

/** Keeps what moves, and what it was; runs in the page, before anything else there. */
function watchMoves() {
  window.moves = []
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      if (hadRecentInput) continue
      const what = sources.map(({ node, previousRect: from, currentRect: to }) => {
        const element = node?.nodeType === 1 ? node : node?.parentElement
        return `${element?.tagName}.${element?.className} "${(node?.textContent ?? '').trim().slice(0, 40)}" y ${from.y} → ${to.y}, ${from.height} → ${to.height} high`
      })
      window.moves.push({ value, what })
    }
  }).observe({ type: 'layout-shift', buffered: true })
}

/** Holds these kinds of what a page asks for. `come` lets one of them come, and waits until it is there and drawn. */
async function hold(page, kinds) {
  const held = new Map(kinds.map((kind) => [kind, []]))
  const running = new Set()
  page.on('request', (request) => {
    if (['script', 'stylesheet', ...kinds].includes(request.resourceType())) running.add(request)
  })
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => running.delete(request))
  await page.route('**/*', (route) => {
    const waiting = held.get(route.request().resourceType())
    if (!waiting) return route.continue()
    waiting.push(route)
  })
  const drawn = async () => {
    const inSight = () =>
      [...running].filter((request) => !held.has(request.resourceType())).map((request) => request.url())
    do {
      await expect.poll(inSight, { intervals: [5, 10, 20, 50] }).toEqual([])
      await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))))
    } while (inSight().length > 0)
  }
  return {
    drawn,
    async come(kind) {
      const waiting = held.get(kind)
      held.delete(kind)
      await Promise.all(waiting.map((route) => route.continue()))
      await drawn()
    },
  }
}

export default async function still(walk) {
  const { id: proposing } = await proposingRound()
  const { id: voting } = await votingRound()
  // The last of a list: what is first there, other walks have just made.
  const last = async (path, list) => (await (await fetch(`${walk.base}/api/v1/rounds/${path}`)).json())[list].at(-1).id
  const proposal = await last(`${proposing}/proposals`, 'proposals')
  const project = await last(`${voting}/proposals`, 'proposals')

  // A round with all that comes after a vote, and a receipt of it.
  const done = `walk-still-${Date.now()}`
  const { step, codes, at } = await openForOne(walk, done, text('Tyyni kierros', 'Stilla omgången'))
  const voter = await walk.open({ path: at('fi') })
  await voter.getByRole('checkbox').first().check()
  await identifyByCode(voter, at, codes[0])
  await voter.getByRole('button', { name: 'Äänestä', exact: true }).click()
  await expect(voter.locator('h1')).toContainText(thanks)
  const kept = await voter.context().storageState({ indexedDB: true })
  for (const name of ['close', 'count', 'confirm', 'publish']) await step(name)

  const signedOut = [
    '',
    `/rounds/${proposing}`,
    `/rounds/${voting}`,
    `/rounds/${proposing}/proposals`,
    `/rounds/${proposing}/proposals/${proposal}`,
    `/rounds/${voting}/proposals/${project}`,
    `/rounds/${voting}/list`,
    `/rounds/${voting}/vote`,
    `/rounds/${voting}/numbers`,
    `/rounds/${proposing}/events`,
    `/rounds/${done}/results`,
    `/rounds/${done}/record`,
    '/delivery',
    '/data',
    '/check',
    '/about/how',
    '/about/limits',
    '/about/privacy',
  ]
  const signedIn = [
    '',
    '/account',
    `/rounds/${proposing}/mine`,
    `/rounds/${proposing}/propose`,
    `/rounds/${voting}/rights`,
  ]
  const aino = await walk.open()
  await walk.signIn(aino, 'aino')
  const asked = await aino.request.get(`${walk.base}/api/v1/rounds/${proposing}/proposals?mine=true`)
  const [mine] = (await asked.json()).proposals
  assert.ok(mine, 'aino has a proposal')
  signedIn.push(
    `/rounds/${proposing}/proposals/${mine.id}`,
    `/rounds/${proposing}/proposals/${proposal}`,
    `/rounds/${voting}/proposals/${project}`,
  )
  const people = [
    [signedOut, undefined],
    [signedIn, await aino.context().storageState()],
    [[`/rounds/${done}/vote/receipt`], kept],
  ]

  const found = []
  for (const [screen, order] of [
    ['phone', 'fonts last'],
    ['phone', 'answers last'],
    ['desktop', 'fonts last'],
  ]) {
    for (const [paths, storageState] of people) {
      const context = (await walk.open({ screen, storageState })).context()
      await context.addInitScript(watchMoves)
      for (const path of paths) {
        const page = await context.newPage()
        const { drawn, come } = await hold(page, orders[order])
        await page.goto(`${walk.base}/fi${path}`, { waitUntil: 'commit' })
        await drawn()
        for (const kind of orders[order]) await come(kind)
        await settled(page)
        const moves = await page.evaluate(() => window.moves)
        const sum = moves.reduce((all, { value }) => all + value, 0)
        if (sum >= most)
          found.push(
            `${path}, ${screen}, ${order}: ${sum.toFixed(3)}`,
            ...moves.flatMap(({ value, what }) => what.map((one) => `    ${value.toFixed(3)} ${one}`)),
          )
        await page.close()
      }
      await context.close()
    }
  }
  assert.equal(found.length, 0, `pages move:\n${found.join('\n')}`)
}
