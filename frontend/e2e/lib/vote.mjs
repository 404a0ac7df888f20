// What the voters' walks share. They need the round of `osbu demo` in which the vote is open.
import assert from 'node:assert/strict'
import { texts } from './expect.mjs'
import { votingRound } from './rounds.mjs'
import { base } from './walk.mjs'

/** The demo round whose vote is open, with its ballot. */
export async function openVote() {
  const round = await votingRound()
  const projects = await (await fetch(`${base}/api/v1/rounds/${round.id}/projects`)).json()
  return { round, projects, at: (lang, step = '') => `/${lang}/rounds/${round.id}/vote${step && `/${step}`}` }
}

/** A fresh one-time voting code, made by an official as at a voting place. */
export async function votingCode(walk, round) {
  const page = await walk.open({ screen: 'desktop', path: '/fi' })
  await walk.signIn(page, 'official')
  const { csrf } = await (await page.request.get(`${base}/api/v1/session`)).json()
  const answer = await page.request.post(`${base}/api/v1/rounds/${round.id}/codes`, {
    data: { count: 1, label: `Äänestyspaikka ${crypto.randomUUID()}` },
    headers: { 'X-CSRF-Token': csrf },
  })
  assert.equal(answer.status(), 201, await answer.text())
  const { codes } = await answer.json()
  await page.context().close()
  return codes[0]
}

/** A demo person votes once: fails clearly if she has, on a server that ran walks before. */
export async function hasNotVoted(page, round) {
  const rights = await (await page.request.get(`${base}/api/v1/rounds/${round.id}/rights`)).json()
  assert.ok(
    rights.eligible && rights.papers.every(({ spent }) => !spent),
    `this person has voted here before, or may not: start over with ./scripts/up --reset (${JSON.stringify(rights)})`,
  )
}

/** Chooses an area by its Finnish, Swedish or English name, and the first few projects on the list; gives their titles. */
export async function choose(page, area, count) {
  await page.getByRole('button', { name: new RegExp(`^${area}`) }).click()
  const ticks = page.getByRole('checkbox')
  await ticks.first().waitFor()
  for (let index = 0; index < count; index++) await ticks.nth(index).check()
  const chosen = page.getByRole('listitem').filter({ has: page.getByRole('checkbox', { checked: true }) })
  return texts(chosen.getByRole('heading', { level: 2 }), count)
}

/** Goes to the review with a code typed in; the basket must be filled. */
export async function identifyByCode(page, at, code) {
  await page.goto(base + at('fi', 'identify'))
  await page.getByLabel('Äänestyskoodi').fill(code)
  await page.getByRole('button', { name: 'Jatka koodilla' }).click()
  await page.getByRole('button', { name: 'Äänestä', exact: true }).waitFor()
}

/** What a page is about to cast, from what it keeps meanwhile: what it sends is sealed. */
export function aboutToCast(page) {
  return new Promise((resolve) => {
    void page.route('**/ballots', async (route) => {
      const kept = await page.evaluate(() =>
        Object.entries(localStorage).flatMap(([key, value]) => (key.includes('.envelope.') ? [JSON.parse(value)] : [])),
      )
      resolve(kept.map(({ ballot }) => ballot).join(''))
      await route.continue()
    })
  })
}

/** Records what goes to credential and box. */
export function listen(context) {
  const heard = { credentials: [], ballots: [] }
  context.on('request', (request) => {
    if (request.method() !== 'POST') return
    if (request.url().endsWith('/credential')) heard.credentials.push(request.postData())
    if (request.url().endsWith('/ballots')) heard.ballots.push(request)
  })
  return heard
}

/** What the browser keeps of the vote, as one text. */
export const kept = (page) => page.evaluate(() => JSON.stringify({ ...localStorage }))

export const thanks = 'Kiitos, äänesi on uurnassa'
