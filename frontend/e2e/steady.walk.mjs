// Pages on a slow line: what has once been shown is never taken away while a part of the page, or its texts, are still on their way. Who has begun to
// type into it would lose her words, and whoever reads by ear her place.
import assert from 'node:assert/strict'
import { settled } from './lib/expect.mjs'
import { proposingRound, votingRound } from './lib/rounds.mjs'

/** Tells of everything shown that React hides again until something has come. */
function watchHiding() {
  window.hidden = []
  new MutationObserver((changes) => {
    for (const { target } of changes)
      if (target.style?.getPropertyPriority('display') === 'important' && target.textContent.trim() !== '')
        window.hidden.push(`${target.tagName}.${target.className}: ${target.textContent.slice(0, 80)}`)
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ['style'] })
}

export default async function steady(walk) {
  const { id: proposing } = await proposingRound()
  const { id: voting } = await votingRound()
  const [{ id: proposal }] = (await (await fetch(`${walk.base}/api/v1/rounds/${proposing}/proposals`)).json()).proposals
  const found = []
  const pages = async (person, paths) => {
    const page = await walk.open({ path: '/fi' })
    if (person) await walk.signIn(page, person, '/fi')
    const context = page.context()
    await context.addInitScript(watchHiding)
    await context.route(/\/assets\/.*\.js$/, async (route) => {
      // eslint-disable-next-line no-restricted-syntax -- a slow line is what is walked; nothing is waited for
      await new Promise((resolve) => setTimeout(resolve, 200))
      await route.continue()
    })
    for (const path of paths) {
      await page.goto(walk.base + path)
      await settled(page)
      for (const one of await page.evaluate(() => window.hidden)) found.push(`${path} ${one}`)
    }
    await context.close()
  }
  await Promise.all([
    pages('aino', [
      '/fi',
      `/fi/rounds/${proposing}`,
      `/fi/rounds/${voting}`,
      `/fi/rounds/${proposing}/proposals`,
      `/fi/rounds/${proposing}/proposals/${proposal}`,
      `/fi/rounds/${proposing}/mine`,
      `/fi/rounds/${proposing}/propose`,
      `/fi/rounds/${proposing}/events`,
      `/fi/rounds/${voting}/list`,
      `/fi/rounds/${voting}/vote`,
      `/fi/rounds/${voting}/rights`,
      '/fi/delivery',
      '/fi/fund',
      '/fi/data',
      '/fi/account',
      '/fi/check',
      '/fi/about/privacy',
    ]),
    pages('leena', [
      '/desk',
      `/desk/${proposing}`,
      `/desk/${proposing}/${proposal}`,
      ...['comments', 'questions', 'contacts', 'events', 'overview', 'equality', 'assisted'].map(
        (one) => `/desk/${proposing}/${one}`,
      ),
    ]),
    pages('official', [
      '/office',
      '/office/people',
      `/office/${voting}`,
      ...['settings', 'times', 'roll', 'ballot', 'audit', 'replacement', 'decision', 'ledger'].map(
        (one) => `/office/${voting}/${one}`,
      ),
      `/desk/${proposing}/settings`,
    ]),
    pages('officer', ['/polling', `/polling/${voting}`]),
  ])
  assert.deepEqual(found, [])
}
